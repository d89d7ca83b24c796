namespace Starling.Interop.Tests;

/// <summary>A library behind the tunnel of <c>peers/tunnel</c>: mbedTLS or wolfSSL, both with connection ids.</summary>
/// <param name="peer">Which of them, by its name in <see cref="Peers"/>.</param>
internal sealed class TunnelPeer(string peer) : SecurePeer
{
    private readonly string[] _program = Peers.Fetched(peer);

    public override SecureSession Listen(int port, SecureCase what) => new TunnelSession(plain => ForeignProgram.Start(_program[0], ServerArguments(port, plain, what)));

    public override SecureSession Connect(int port, SecureCase what) => new TunnelSession(plain => ForeignProgram.Start(_program[0], ClientArguments(port, plain, what)));

    /// <summary>A client behind whose plain port any program may speak.</summary>
    public TunnelSession Open(int port, SecureCase what) => (TunnelSession)Connect(port, what);

    /// <summary>A server in front of a program's plain port.</summary>
    public TunnelSession Guard(int port, int plain, SecureCase what) => new(_ => ForeignProgram.Start(_program[0], ServerArguments(port, plain, what)));

    private string[] ServerArguments(int port, int plain, SecureCase what) =>
        [.. _program[1..], "server", $"{port}", $"{plain}", $"psk={SecureCase.Key}", $"identity={SecureCase.Identity}", .. Common(what, what.ServerConnectionId, TestKeys.Shared.ServerOf(what))];

    private string[] ClientArguments(int port, int plain, SecureCase what) =>
        [.. _program[1..], "client", $"{port}", $"{plain}", $"psk={what.ClientKey}", $"identity={what.ClientIdentity}", $"fragment={what.Fragment}",
            .. Common(what, what.ClientConnectionId, TestKeys.Shared.ClientOf(what))];

    private static List<string> Common(SecureCase what, int? connectionId, KeyFiles own)
    {
        List<string> arguments = [$"suite={what.Suite:X4}", $"ems={(what.NoExtendedMasterSecret ? 0 : 1)}", $"etm={(what.NoEncryptThenMac ? 0 : 1)}"];
        if (connectionId is { } length)
        {
            arguments.Add($"cid={string.Concat(Enumerable.Range(1, length).Select(i => i.ToString("x2", null)))}");
        }
        if (!what.Names.IsPreShared)
        {
            arguments.AddRange(what.RawKeys
                ? ["rpk=1", $"cert={own.PublicKeyDer}", $"key={own.KeyDer}"]
                : [$"cert={own.Certificate}", $"key={own.Key}", $"ca={TestKeys.Shared.Authority}", $"name={TestKeys.ServerName}"]);
        }
        return arguments;
    }
}
