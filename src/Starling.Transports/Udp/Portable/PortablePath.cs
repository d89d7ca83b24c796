using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>
/// The path that every system has. On a wildcard bind, the first datagram to one of our addresses makes a socket of that address,
/// which takes what comes to it from then on and from which it is answered: the portable interface has no way to name the
/// source of a datagram.
/// </summary>
internal sealed class PortablePath : UdpPath
{
    // Each is a thread.
    private const int MaxLocalSockets = 64;

    private readonly Lock _lock = new();
    private readonly UdpSettings _settings;
    private readonly UdpInlet _inlet;
    private readonly ILogger? _logger;
    private readonly PortableSocket _main;
    private PortableSocket?[] _byLocal = [];
    private bool _stopping;

    private PortablePath(UdpSettings settings, UdpInlet inlet, ILogger? logger)
    {
        _settings = settings;
        _inlet = inlet;
        _logger = logger;
        _main = OpenMain(settings.Bind);
        LocalEndPoint = _main.LocalEndPoint;
    }

    public override IPEndPoint LocalEndPoint { get; }

    public override int ReceiveBuffer => _main.ReceiveBuffer;

    public override long Overrun => 0;

    /// <exception cref="IOException">The port cannot be had; the message says why.</exception>
    public static PortablePath Start(UdpSettings settings, UdpInlet inlet, ILogger? logger)
    {
        var path = new PortablePath(settings, inlet, logger);
        path._main.Start();
        return path;
    }

    public override SendOutcome Send(in UdpAddress to, ReadOnlySpan<byte> datagram)
    {
        var byLocal = Volatile.Read(ref _byLocal);
        var socket = to.Local < byLocal.Length ? byLocal[to.Local] : null;
        return (socket ?? _main).Send(to, datagram);
    }

    public override async Task StopAsync()
    {
        PortableSocket?[] others;
        lock (_lock)
        {
            _stopping = true;
            others = _byLocal;
        }
        await _main.StopAsync().ConfigureAwait(false);
        foreach (var socket in others)
        {
            await (socket?.StopAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    /// <summary>The number of one of our addresses, with a socket of its own where one can be had.</summary>
    public ushort NumberOf(IPAddress address)
    {
        var key = UdpAddress.From(address, 0);
        if (IsGroup(address))
        {
            return 0;
        }
        var number = _inlet.Locals.NumberOf(key.High, key.Low);
        if (number > 0 && number >= Volatile.Read(ref _byLocal).Length)
        {
            OpenLocal(number);
        }
        return number;
    }

    private PortableSocket OpenMain(IPEndPoint bind)
    {
        if (!bind.Address.Equals(IPAddress.IPv6Any) || Socket.OSSupportsIPv6)
        {
            return new PortableSocket(this, _settings, bind, 0, _inlet, _logger);
        }
        return new PortableSocket(this, _settings, new IPEndPoint(IPAddress.Any, bind.Port), 0, _inlet, _logger);
    }

    private void OpenLocal(ushort number)
    {
        lock (_lock)
        {
            if (_stopping || number < _byLocal.Length || number > MaxLocalSockets)
            {
                return;
            }
            var grown = new PortableSocket?[number + 1];
            _byLocal.CopyTo(grown, 0);
            grown[number] = TryOpen(new IPEndPoint(_inlet.Locals.ToIPAddress(number), LocalEndPoint.Port), number);
            Volatile.Write(ref _byLocal, grown);
            grown[number]?.Start();
        }
    }

    private PortableSocket? TryOpen(IPEndPoint bind, ushort number)
    {
        try
        {
            return new PortableSocket(this, _settings, bind, number, _inlet, _logger);
        }
        catch (IOException)
        {
            // A system that does not let two sockets share the port: then it chooses from where we answer.
            return null;
        }
    }

    private static bool IsGroup(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.IsIPv6Multicast
            || (plain.AddressFamily == AddressFamily.InterNetwork && (plain.GetAddressBytes()[0] >= 224));
    }
}
