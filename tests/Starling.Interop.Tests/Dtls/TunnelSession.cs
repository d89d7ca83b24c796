using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Starling.Interop.Tests;

/// <summary>A session in a tunnel: lines are datagrams on its plain side.</summary>
internal sealed class TunnelSession : SecureSession
{
    private readonly ForeignProgram _program;
    private readonly UdpClient _plain = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Task<int> _port;

    /// <param name="start">Starts the tunnel, which sends to a plain port until it hears from another.</param>
    public TunnelSession(Func<int, ForeignProgram> start)
    {
        _program = start(((IPEndPoint)_plain.Client.LocalEndPoint!).Port);
        _port = ReadPortAsync();
    }

    /// <summary>The port of its plain side.</summary>
    public Task<int> PortAsync() => _port;

    /// <summary>Waits for what it says of a handshake that went well: version, suite, connection id.</summary>
    public Task<string> WaitEstablishedAsync() => WaitForAsync("established");

    /// <summary>Waits until its peer's address has changed.</summary>
    public Task WaitMovedAsync() => WaitForAsync("moved");

    /// <summary>Ends the session and makes another, from what is left of it or from nothing.</summary>
    public Task AgainAsync(bool resume) => _program.SendAsync(resume ? "resume" : "again");

    public override string Said => _program.Said;

    public override async Task SayAsync(string text) =>
        await _plain.SendAsync(Encoding.UTF8.GetBytes(text), new IPEndPoint(IPAddress.Loopback, await _port), ForeignProgram.Patience);

    public override async Task HearAsync(string text)
    {
        while (!Encoding.UTF8.GetString((await _plain.ReceiveAsync(ForeignProgram.Patience)).Buffer).Contains(text, StringComparison.Ordinal))
        {
        }
    }

    public override Task CloseAsync() => _program.EndAsync();

    public override Task WaitClosedAsync() => WaitForAsync("closed");

    public override Task<string> WaitFailedAsync() => WaitForAsync("failed");

    public override async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _plain.Dispose();
    }

    private async Task<string> WaitForAsync(string text)
    {
        await _port;   // its first line: only one may read at a time
        return await _program.WaitForAsync(text);
    }

    private async Task<int> ReadPortAsync()
    {
        var line = await _program.WaitForAsync("plain ");
        return int.Parse(line.AsSpan("plain ".Length), CultureInfo.InvariantCulture);
    }
}
