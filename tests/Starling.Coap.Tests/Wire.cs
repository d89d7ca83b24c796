using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Starling.Coap.Tests;

/// <summary>
/// Two datagram channels that hand over on several threads at a time: order and threads are the machine's, and every nth datagram is lost.
/// </summary>
internal sealed class Wire : IDatagramChannel
{
    private const int Threads = 3;
    private readonly int _losesEvery;
    private static readonly (int Peer, byte[] Datagram) _end = (-1, []);
    private readonly BlockingCollection<(int Peer, byte[] Datagram)> _arriving = [];
    private readonly WirePeer[] _peers;
    private IDatagramSink? _sink;
    private Wire _other = null!;
    private int _sent;

    private Wire(int peers, int losesEvery)
    {
        _losesEvery = losesEvery;
        _peers = [.. Enumerable.Range(0, peers).Select(i => new WirePeer(i))];
    }

    public IReadOnlyList<Peer> Peers => _peers;

    /// <summary>Two ends of which each knows as many peers: the nth of the one is the nth of the other.</summary>
    public static (Wire, Wire) Pair(int peers, int losesEvery)
    {
        var (one, two) = (new Wire(peers, losesEvery), new Wire(peers, losesEvery));
        (one._other, two._other) = (two, one);
        return (one, two);
    }

    public Task StartAsync(IDatagramSink sink, CancellationToken cancel)
    {
        _sink = sink;
        for (var i = 0; i < Threads; i++)
        {
            new Thread(Deliver) { IsBackground = true, Name = "wire" }.Start();
        }
        return Task.CompletedTask;
    }

    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => ValueTask.FromResult<Peer>(_peers[target.Uri.Port]);

    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer) => (peer = _peers.FirstOrDefault(p => p.Address == address)) is not null;

    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        if (_losesEvery > 0 && Interlocked.Increment(ref _sent) % _losesEvery == 0)
        {
            return SendOutcome.Sent;
        }
        _other._arriving.Add((((WirePeer)peer).Number, datagram.ToArray()));
        return SendOutcome.Sent;
    }

    public void Close(Peer peer) => _sink?.OnPeerLost(peer, PeerLoss.Closed);

    public ValueTask DisposeAsync()
    {
        _sink = null;
        _arriving.Add(_end);
        return ValueTask.CompletedTask;
    }

    private void Deliver()
    {
        foreach (var arrival in _arriving.GetConsumingEnumerable())
        {
            if (arrival == _end)
            {
                _arriving.Add(_end);   // for the other threads
                return;
            }
            _sink?.OnDatagram(_peers[arrival.Peer], arrival.Datagram);
        }
    }

    private sealed class WirePeer(int number) : Peer
    {
        public int Number => number;
        public override PeerAddress Address => new("wire", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        public override bool AddressMayBeForged => false;
    }
}
