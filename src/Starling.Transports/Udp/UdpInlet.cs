using Microsoft.Extensions.Logging;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>Where the receiving paths hand in what came: it finds the peer and calls the sink.</summary>
internal sealed class UdpInlet
{
    private readonly ILogger? _logger;
    private IDatagramSink? _sink;
    private int _unplaced;

    public UdpInlet(UdpSettings settings, UdpCounters counters, ILogger? logger)
    {
        _logger = logger;
        Counters = counters;
        Peers = new UdpPeerTable(settings.MaxUnheldPeers, OnEvicted);
        Locals = new LocalAddresses(settings.MaxLocalAddresses, counters);
    }

    public UdpCounters Counters { get; }

    public UdpPeerTable Peers { get; }

    public LocalAddresses Locals { get; }

    /// <summary>Who takes what comes; set before anything can.</summary>
    public IDatagramSink? Sink
    {
        get => Volatile.Read(ref _sink);
        set => Volatile.Write(ref _sink, value);
    }

    /// <summary>Takes one datagram on the thread that received it. It does not throw.</summary>
    public void Deliver(in UdpAddress from, Span<byte> datagram)
    {
        try
        {
            _sink!.OnDatagram(PeerFor(from), datagram);
        }
#pragma warning disable CA1031 // One datagram that breaks its handler must not end the reception of all others.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Counters.AddSinkFailure();
            if (_logger is not null)
            {
                Log.SinkFailed(_logger, error, datagram.Length);
            }
        }
    }

    public UdpPeer Connect(in UdpAddress to)
    {
        // Counted first: from here on, what it answers is looked for under "any of our addresses" as well.
        Interlocked.Increment(ref _unplaced);
        return Peers.Connect(to);
    }

    public UdpPeer Restore(in UdpAddress at)
    {
        Interlocked.Increment(ref _unplaced);
        return Peers.Restore(at);
    }

    public void Close(UdpPeer peer)
    {
        if (Peers.Remove(peer))
        {
            ReportLost(peer, PeerLoss.Closed);
        }
    }

    // We do not know beforehand from which of our addresses the system speaks to a peer that we connect to, nor to which of them a peer from a store will
    // speak: they stand in the table with none.
    private UdpPeer PeerFor(in UdpAddress from)
    {
        var peer = Peers.Find(from);
        if (peer is null && from.Local != 0 && Volatile.Read(ref _unplaced) > 0)
        {
            peer = Peers.Find(from.WithLocal(0)) is { } unplaced && unplaced.SpeaksTo(from.Local) ? unplaced : null;
        }
        return peer is { IsGone: false } ? peer : Peers.GetOrAdd(from);
    }

    private void OnEvicted(UdpPeer peer)
    {
        Counters.AddEvicted();
        ReportLost(peer, PeerLoss.Evicted);
    }

    private void ReportLost(UdpPeer peer, PeerLoss loss)
    {
        try
        {
            _sink?.OnPeerLost(peer, loss);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Counters.AddSinkFailure();
            if (_logger is not null)
            {
                Log.SinkFailed(_logger, error, 0);
            }
        }
    }
}
