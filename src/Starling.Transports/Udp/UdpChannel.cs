using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>
/// CoAP over UDP (RFC 7252 §4, §6.1), for servers and clients: datagrams of all its sockets come to one sink, and a peer is a remote address
/// together with the address of ours that it uses, so that an answer leaves from where the request arrived.
/// </summary>
public sealed class UdpChannel : IDatagramChannel
{
    private const string Scheme = "coap";

    private readonly Lock _lock = new();
    private readonly UdpSettings _settings;
    private readonly UdpThreads? _threads;
    private readonly IMeterFactory? _meters;
    private readonly ILogger? _logger;
    private readonly UdpInlet _inlet;
    private UdpPath? _path;
    private Task? _stopped;

    /// <summary>Makes a channel that is not bound yet.</summary>
    /// <param name="settings">Where it listens and what it may take; a client's settings when left out.</param>
    /// <param name="threads">The threads that receive for it, shared with other channels; its own when left out.</param>
    /// <param name="meters">Who publishes its counters; nobody when left out.</param>
    /// <param name="logger">Who takes what an operator must know; nobody when left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public UdpChannel(UdpSettings? settings = null, UdpThreads? threads = null, IMeterFactory? meters = null, ILogger<UdpChannel>? logger = null)
    {
        _settings = settings ?? new UdpSettings();
        _settings.Validate();
        if (threads is not null && _settings.MaxDatagram > threads.MaxDatagram)
        {
            throw new ArgumentException($"The shared threads take datagrams of up to {threads.MaxDatagram} bytes, not of {_settings.MaxDatagram}.", nameof(threads));
        }
        _threads = threads;
        _meters = meters;
        _logger = logger;
        _inlet = new UdpInlet(_settings, Counters, logger);
    }

    /// <summary>What it has done.</summary>
    public UdpCounters Counters { get; } = new();

    /// <summary>Where it listens, with the port that the system chose.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public IPEndPoint LocalEndPoint => Path.LocalEndPoint;

    /// <summary>What the system keeps for us until we receive it, a socket, in bytes; less than asked for where the system's limit is lower.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public int ReceiveBuffer => Path.ReceiveBuffer;

    /// <summary>How many datagrams the system dropped because we did not receive them in time. Linux tells; elsewhere it is 0.</summary>
    public long Overrun => Volatile.Read(ref _path)?.Overrun ?? 0;

    /// <summary>How many peers are known.</summary>
    public int PeerCount => _inlet.Peers.Count;

    private UdpPath Path => Volatile.Read(ref _path) ?? throw new InvalidOperationException("The channel has not been started.");

    /// <inheritdoc/>
    /// <exception cref="IOException">The port is in use, the address is not ours, or we may not have it; the message says which.</exception>
    public Task StartAsync(IDatagramSink sink, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(sink);
        cancel.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped is not null, this);
            if (_inlet.Sink is not null)
            {
                throw new InvalidOperationException("The channel has been started.");
            }
            _inlet.Sink = sink;
            try
            {
                OpenPath();
            }
            catch
            {
                _inlet.Sink = null;
                throw;
            }
        }
        Announce();
        return Task.CompletedTask;
    }

    /// <summary>Finds the peer at <c>coap://host[:port]</c>. It is held until it is closed. The name is looked up each time.</summary>
    /// <exception cref="NotSupportedException">The target's scheme is not <c>coap</c>.</exception>
    /// <exception cref="IOException">The host is not known or has no address that this channel reaches.</exception>
    public async ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Uri.Scheme != Scheme)
        {
            throw new NotSupportedException($"UDP carries {Scheme}, not {target.Uri.Scheme}.");
        }
        var family = Path.LocalEndPoint.AddressFamily;
        var takesBoth = Path.LocalEndPoint.Address.Equals(IPAddress.IPv6Any);
        var host = target.Uri.DnsSafeHost;
        var address = await UdpNames.ResolveAsync(host, takesBoth ? AddressFamily.Unspecified : family, cancel).ConfigureAwait(false);
        var port = target.Uri.Port > 0 ? target.Uri.Port : UdpSettings.CoapPort;
        return _inlet.Connect(UdpAddress.From(address, port));
    }

    /// <inheritdoc/>
    /// <remarks>On a wildcard bind the system chooses from which of our addresses it is spoken to, until it has spoken to one of them.</remarks>
    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer)
    {
        peer = address.Transport == UdpPeer.Transport && UdpAddress.TryParse(address.Text, out var at) && Reaches(at) ? _inlet.Restore(at) : null;
        return peer is not null;
    }

    /// <inheritdoc/>
    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        var path = Volatile.Read(ref _path);
        if (path is null || peer is not UdpPeer udp || udp.IsGone || !udp.BelongsTo(_inlet.Peers))
        {
            Counters.AddSendsDropped(1);
            return SendOutcome.Dropped;
        }
        return path.Send(udp.Route, datagram);
    }

    /// <inheritdoc/>
    public void Close(Peer peer)
    {
        if (peer is UdpPeer udp && udp.BelongsTo(_inlet.Peers))
        {
            _inlet.Close(udp);
        }
    }

    /// <summary>Closes the sockets. When it completes, the sink is called no more.</summary>
    public async ValueTask DisposeAsync()
    {
        Task stopped;
        lock (_lock)
        {
            stopped = _stopped ??= _path?.StopAsync() ?? Task.CompletedTask;
        }
        await stopped.ConfigureAwait(false);
    }

    private bool Reaches(in UdpAddress address) =>
        _settings.Bind.Address.Equals(IPAddress.IPv6Any) || address.IsIPv4 == (_settings.Bind.AddressFamily == AddressFamily.InterNetwork);

    private void OpenPath()
    {
        var isLinux = LinuxPath.IsSupported && !_settings.Portable;
        UdpPath path = isLinux ? LinuxPath.Start(_settings, _threads, _inlet) : PortablePath.Start(_settings, _inlet, _logger);
        Volatile.Write(ref _path, path);
    }

    private void Announce()
    {
        if (_logger is not null && ReceiveBuffer < _settings.ReceiveBuffer)
        {
            Log.SmallReceiveBuffer(_logger, ReceiveBuffer, _settings.ReceiveBuffer);
        }
        if (_meters is not null)
        {
            var tag = KeyValuePair.Create<string, object?>("udp.bind", LocalEndPoint.ToString());
            var meter = _meters.Create(UdpCounters.MeterName);
            Counters.Publish(meter, tag);
            meter.CreateObservableCounter("udp.overrun", () => new Measurement<long>(Overrun, tag), "{datagram}", "Datagrams the system dropped before we received them.");
            meter.CreateObservableUpDownCounter("udp.peers", () => new Measurement<long>(PeerCount, tag), "{peer}", "Peers known.");
        }
    }
}
