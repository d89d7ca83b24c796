using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>The path of Linux: batched system calls, one SO_REUSEPORT socket a receiving thread.</summary>
internal sealed class LinuxPath : UdpPath
{
    private readonly UdpThreads? _ownThreads;
    private readonly LinuxPort[] _ports;

    private LinuxPath(LinuxPort[] ports, UdpThreads? ownThreads)
    {
        _ports = ports;
        _ownThreads = ownThreads;
        LocalEndPoint = ports[0].Socket.LocalEndPoint;
        ReceiveBuffer = ports.Min(p => p.Socket.ReceiveBuffer);
    }

    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public override IPEndPoint LocalEndPoint { get; }

    public override int ReceiveBuffer { get; }

    public override long Overrun
    {
        get
        {
            long drops = 0;
            foreach (var port in _ports)
            {
                drops += port.Socket.IsClosed ? 0 : port.Socket.Drops;
            }
            return drops;
        }
    }

    /// <exception cref="IOException">The port cannot be had; the message says why.</exception>
    public static LinuxPath Start(UdpSettings settings, UdpThreads? shared, UdpInlet inlet)
    {
        var count = shared is null ? settings.ReceiveThreads : 1;
        var sockets = new List<LinuxSocket>(count);
        UdpThreads? own = null;
        try
        {
            OpenAll(settings, count, sockets);
            own = shared is null ? new UdpThreads(settings) : null;
            var ports = sockets.Select(s => new LinuxPort(s, (shared ?? own!).Next(), inlet)).ToArray();
            var path = new LinuxPath(ports, own);
            foreach (var port in ports)
            {
                port.Loop.Attach(port);
            }
            return path;
        }
        catch
        {
            sockets.ForEach(s => s.Dispose());
            _ = own?.DisposeAsync().AsTask();
            throw;
        }
    }

    public override SendOutcome Send(in UdpAddress to, ReadOnlySpan<byte> datagram)
    {
        foreach (var port in _ports)
        {
            if (port.Loop.IsCurrentThread)
            {
                return port.Loop.Queue(port, to, datagram);
            }
        }
        var any = _ports[Environment.CurrentManagedThreadId % _ports.Length];
        try
        {
            return any.SendNow(to, datagram);
        }
        catch (ObjectDisposedException)
        {
            any.Counters.AddSendsDropped(1);
            return SendOutcome.Dropped;
        }
    }

    public override async Task StopAsync()
    {
        foreach (var port in _ports)
        {
            await port.Loop.DetachAsync(port).ConfigureAwait(false);
            port.Socket.Dispose();
        }
        if (_ownThreads is not null)
        {
            await _ownThreads.DisposeAsync().ConfigureAwait(false);
        }
    }

    // The first socket is bound without SO_REUSEPORT, so that a port in use is an error and not half of somebody's traffic. The
    // option is set afterwards: Linux asks for it when the next socket is bound, not when the first one was.
    private static void OpenAll(UdpSettings settings, int count, List<LinuxSocket> sockets)
    {
        var bind = settings.Bind;
        sockets.Add(OpenFirst(settings, ref bind));
        for (var i = 1; i < count; i++)
        {
            if (i == 1)
            {
                sockets[0].AllowSharing();
                bind = sockets[0].LocalEndPoint;
            }
            var socket = Open(settings, bind);
            sockets.Add(socket);
            socket.AllowSharing();
            socket.Bind(bind);
        }
    }

    private static LinuxSocket OpenFirst(UdpSettings settings, ref IPEndPoint bind)
    {
        LinuxSocket socket;
        try
        {
            socket = Open(settings, bind);
        }
        catch (IOException) when (bind.Address.Equals(IPAddress.IPv6Any))
        {
            bind = new IPEndPoint(IPAddress.Any, bind.Port);
            socket = Open(settings, bind);
        }
        try
        {
            socket.Bind(bind);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static LinuxSocket Open(UdpSettings settings, IPEndPoint bind) => LinuxSocket.Open(
        bind.AddressFamily == AddressFamily.InterNetworkV6,
        bind.Address.Equals(IPAddress.Any) || bind.Address.Equals(IPAddress.IPv6Any),
        settings);
}
