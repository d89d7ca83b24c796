using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>One blocking socket with its thread. It allocates nothing a datagram, except on a wildcard bind, which the first datagram to each address takes.</summary>
internal sealed class PortableSocket
{
    private const int StackSize = 512 << 10;
    // Windows reports the ICMP errors of earlier sends as errors of receiving, unless it is told not to.
    private const int SioUdpConnReset = -1744830452;

    private readonly Socket _socket;
    private readonly UdpInlet _inlet;
    private readonly ILogger? _logger;
    private readonly PortablePath _path;
    private readonly int _maxDatagram;
    private readonly bool _isWildcard;
    private readonly ushort _local;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SocketAddress? _spare;
    private volatile bool _stopping;

    /// <param name="path">Where it belongs.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="bind">What to bind to.</param>
    /// <param name="local">The number of that address when it is one of a wildcard bind's.</param>
    /// <param name="inlet">Where datagrams go.</param>
    /// <param name="logger">Who is told when receiving ends by an error.</param>
    public PortableSocket(PortablePath path, UdpSettings settings, IPEndPoint bind, ushort local, UdpInlet inlet, ILogger? logger)
    {
        _path = path;
        _inlet = inlet;
        _logger = logger;
        _local = local;
        _maxDatagram = settings.MaxDatagram;
        _isWildcard = bind.Address.Equals(IPAddress.Any) || bind.Address.Equals(IPAddress.IPv6Any);
        IsV6 = bind.AddressFamily == AddressFamily.InterNetworkV6;
        try
        {
            _socket = Open(settings, bind, sharesPort: local != 0);
        }
        catch (SocketException error)
        {
            throw UdpErrors.FromBind(bind, error);
        }
    }

    public bool IsV6 { get; }

    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public int ReceiveBuffer => OperatingSystem.IsLinux() ? _socket.ReceiveBufferSize / 2 : _socket.ReceiveBufferSize;

    public void Start() => new Thread(Run, StackSize) { IsBackground = true, Name = "starling-udp" }.Start();

    public SendOutcome Send(in UdpAddress to, ReadOnlySpan<byte> datagram)
    {
        try
        {
            if (!_socket.Poll(0, SelectMode.SelectWrite))
            {
                _inlet.Counters.AddSendsDropped(1);
                return SendOutcome.Dropped;
            }
            var address = Interlocked.Exchange(ref _spare, null) ?? new SocketAddress(_socket.AddressFamily);
            to.Write(address.Buffer.Span, IsV6);
            _socket.SendTo(datagram, SocketFlags.None, address);
            Volatile.Write(ref _spare, address);
            _inlet.Counters.AddSent(1, datagram.Length);
            return SendOutcome.Sent;
        }
        catch (SocketException)
        {
            _inlet.Counters.AddSendError();
        }
        catch (ObjectDisposedException)
        {
            _inlet.Counters.AddSendsDropped(1);
        }
        return SendOutcome.Dropped;
    }

    public Task StopAsync()
    {
        _stopping = true;
        _socket.Dispose();
        return _ended.Task;
    }

    private Socket Open(UdpSettings settings, IPEndPoint bind, bool sharesPort)
    {
        var socket = new Socket(bind.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.ReceiveBufferSize = settings.ReceiveBuffer;
            socket.SendBufferSize = settings.SendBuffer;
            if (IsV6)
            {
                socket.DualMode = _isWildcard;
            }
            if (OperatingSystem.IsWindows())
            {
                socket.IOControl(SioUdpConnReset, [0, 0, 0, 0], null);
            }
            if (sharesPort)
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }
            if (_isWildcard)
            {
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
                if (IsV6)
                {
                    socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.PacketInformation, true);
                }
            }
            socket.Bind(bind);
            if (_isWildcard)
            {
                // After binding, so that a port in use is an error: then the sockets of single addresses may join.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Run()
    {
        // One byte more than is taken: filled, it tells that the datagram was larger.
        var buffer = GC.AllocateUninitializedArray<byte>(_maxDatagram + 1, pinned: true);
        var source = new SocketAddress(_socket.AddressFamily);
        while (!_stopping)
        {
            try
            {
                if (_isWildcard)
                {
                    ReceiveAnywhere(buffer);
                }
                else
                {
                    var length = _socket.ReceiveFrom(buffer, SocketFlags.None, source);
                    Deliver(source, buffer.AsSpan(0, length), _local);
                }
            }
            catch (SocketException error) when (!_stopping && error.SocketErrorCode == SocketError.MessageSize)
            {
                _inlet.Counters.AddOversized();
            }
            catch (SocketException) when (!_stopping)
            {
                _inlet.Counters.AddReceiveError();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                if (!_stopping && _logger is not null)
                {
                    Log.ReceivingEnded(_logger, error, LocalEndPoint.ToString());
                }
                break;
            }
        }
        _ended.SetResult();
    }

    private void ReceiveAnywhere(byte[] buffer)
    {
        var flags = SocketFlags.None;
        EndPoint from = new IPEndPoint(IsV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        var length = _socket.ReceiveMessageFrom(buffer, ref flags, ref from, out var packet);
        var local = packet.Address is { } address ? _path.NumberOf(address) : (ushort)0;
        Deliver(from.Serialize(), buffer.AsSpan(0, length), local);
    }

    private void Deliver(SocketAddress source, Span<byte> datagram, ushort local)
    {
        if (datagram.Length > _maxDatagram)
        {
            _inlet.Counters.AddOversized();
        }
        else if (!UdpAddress.TryRead(source.Buffer.Span[..source.Size], source.Family == AddressFamily.InterNetworkV6, out var from))
        {
            _inlet.Counters.AddUnanswerable();
        }
        else
        {
            _inlet.Counters.AddReceived(1, datagram.Length);
            _inlet.Deliver(from.WithLocal(local), datagram);
        }
    }
}
