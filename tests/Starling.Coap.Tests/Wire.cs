namespace Starling.Coap.Tests;

/// <summary>
/// Two datagram channels that hand over on the thread pool, many at a time: order and threads are the machine's, and every nth datagram is lost.
/// </summary>
internal sealed class Wire : IDatagramChannel
{
    private readonly int _losesEvery;
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
        return Task.CompletedTask;
    }

    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => ValueTask.FromResult<Peer>(_peers[target.Uri.Port]);

    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        if (_losesEvery > 0 && Interlocked.Increment(ref _sent) % _losesEvery == 0)
        {
            return SendOutcome.Sent;
        }
        var copy = datagram.ToArray();
        ThreadPool.UnsafeQueueUserWorkItem(_ => _other._sink?.OnDatagram(_other._peers[((WirePeer)peer).Number], copy), null);
        return SendOutcome.Sent;
    }

    public void Close(Peer peer) => _sink?.OnPeerLost(peer, PeerLoss.Closed);

    public ValueTask DisposeAsync()
    {
        _sink = null;
        return ValueTask.CompletedTask;
    }

    private sealed class WirePeer(int number) : Peer
    {
        public int Number => number;
        public override PeerAddress Address => new("wire", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        public override bool AddressMayBeForged => false;
    }
}
