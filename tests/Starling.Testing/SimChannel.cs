using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Testing;

/// <summary>One host on a <see cref="SimNetwork"/>. It delivers on the thread that advances the time.</summary>
public sealed class SimChannel : IDatagramChannel
{
    private readonly SimNetwork _network;
    private readonly ConcurrentDictionary<string, SimPeer> _peers = new(StringComparer.Ordinal);
    private IDatagramSink? _sink;

    internal SimChannel(SimNetwork network, string host)
    {
        _network = network;
        Host = host;
    }

    /// <summary>This host's address: <c>10.0.0.2:5683</c>.</summary>
    public string Host { get; internal set; }

    /// <summary>Whether <see cref="Peer.AddressMayBeForged"/> is true for its peers, as it is for plain UDP. Connected peers included.</summary>
    public bool AddressesMayBeForged { get; set; } = true;

    /// <summary>Whether it refuses to connect where that is to be secured, as UDP does. No: tests say what a peer has proven (<see cref="SimPeer.Proven"/>).</summary>
    public bool IsPlain { get; set; }

    /// <summary>The peers it knows now.</summary>
    public IReadOnlyCollection<SimPeer> Peers => [.. _peers.Values];

    /// <inheritdoc/>
    public Task StartAsync(IDatagramSink sink, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (Interlocked.CompareExchange(ref _sink, sink, null) is not null)
        {
            throw new InvalidOperationException("The channel has been started.");
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (IsPlain && target.Uri.Scheme.StartsWith("coaps", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"Nothing is secured here, so it does not carry {target.Uri.Scheme}.");
        }
        var port = target.Uri.Port > 0 ? target.Uri.Port : 5683;
        return new ValueTask<Peer>(PeerAt($"{_network.Resolve(target.Uri.Host)}:{port}"));
    }

    /// <inheritdoc/>
    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer)
    {
        peer = address.Transport == SimPeer.Transport ? PeerAt(address.Text) : null;
        return peer is not null;
    }

    /// <summary>The peer at an address; made when it is not known yet.</summary>
    public SimPeer PeerAt(string host) => _peers.GetOrAdd(host, static (h, channel) => new SimPeer(channel, h), this);

    /// <inheritdoc/>
    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        if (peer is not SimPeer sim || !_peers.TryGetValue(sim.Host, out var known) || known != peer)
        {
            return SendOutcome.Dropped;
        }
        _network.Transmit(Host, sim.Host, datagram);
        return SendOutcome.Sent;
    }

    /// <inheritdoc/>
    public void Close(Peer peer) => Forget(peer, PeerLoss.Closed);

    /// <summary>Lets a peer be lost, as a channel does that has to make room.</summary>
    public void Lose(Peer peer, PeerLoss loss = PeerLoss.Evicted) => Forget(peer, loss);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sink = null;
        _network.Remove(this);
        return ValueTask.CompletedTask;
    }

    internal void Deliver(string from, byte[] datagram) => _sink?.OnDatagram(PeerAt(from), datagram);

    private void Forget(Peer peer, PeerLoss loss)
    {
        if (peer is SimPeer sim && _peers.TryRemove(KeyValuePair.Create(sim.Host, sim)))
        {
            _sink?.OnPeerLost(peer, loss);
        }
    }
}
