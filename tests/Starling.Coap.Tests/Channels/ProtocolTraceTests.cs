using Starling.Testing;

namespace Starling.Coap.Tests;

public sealed class ProtocolTraceTests
{
    private readonly ManualTime _time = new();
    private readonly SimNetwork _network;
    private readonly SimChannel _channel;

    public ProtocolTraceTests()
    {
        _network = new SimNetwork(_time);
        _channel = _network.Host(Scene.Home);
    }

    [Fact]
    public void Entries_of_a_held_peer_are_its_own()
    {
        var trace = new ProtocolTrace(_time);
        var (held, stranger) = (Held("10.0.0.1:1"), _channel.PeerAt("10.0.0.1:2"));
        trace.Record(stranger, TraceDirection.Received, TraceKind.Dropped, [9], "TooShort");
        _time.Advance(TimeSpan.FromSeconds(3));
        trace.Record(held, TraceDirection.Received, TraceKind.First, [1, 2]);
        trace.Record(held, TraceDirection.Sent, TraceKind.Retransmission, [3]);
        Assert.Equal([2, 3], trace.For(held).Select(e => e.Sequence));
        Assert.Equal(1, Assert.Single(trace.Strangers()).Sequence);
        var entry = trace.For(held)[0];
        Assert.Equal((held.Address, TraceDirection.Received, TraceKind.First, null), (entry.Peer, entry.Direction, entry.Kind, entry.Note));
        Assert.Equal([1, 2], entry.Bytes.ToArray());
        Assert.Equal(_time.GetUtcNow(), entry.At);
    }

    // A device is a stranger until its registration holds it; what it said before belongs to it all the same.
    [Fact]
    public void What_a_peer_said_as_a_stranger_is_found_again()
    {
        var trace = new ProtocolTrace(_time);
        var peer = _channel.PeerAt("10.0.0.1:1");
        trace.Record(peer, TraceDirection.Received, TraceKind.First, [1]);
        peer.Hold();
        trace.Record(peer, TraceDirection.Sent, TraceKind.First, [2]);
        Assert.Equal([1, 2], trace.For(peer).Select(e => e.Sequence));
    }

    [Fact]
    public void Peer_keeps_its_latest_entries()
    {
        var trace = new ProtocolTrace(_time, entriesPerPeer: 4);
        var peer = Held("10.0.0.1:1");
        for (var i = 0; i < 10; i++)
        {
            trace.Record(peer, TraceDirection.Received, TraceKind.First, [1]);
        }
        Assert.Equal([7, 8, 9, 10], trace.For(peer).Select(e => e.Sequence));
    }

    [Fact]
    public void Oldest_entries_of_all_go_when_the_bytes_are_used_up()
    {
        var trace = new ProtocolTrace(_time, maxBytes: 10 * (160 + 100));
        var peers = Enumerable.Range(1, 4).Select(i => Held($"10.0.0.1:{i}")).ToArray();
        for (var i = 0; i < 40; i++)
        {
            trace.Record(peers[i % 4], TraceDirection.Received, TraceKind.First, new byte[100]);
        }
        Assert.Equal(Enumerable.Range(31, 10).Select(i => (long)i), peers.SelectMany(p => trace.For(p)).Select(e => e.Sequence).Order());
    }

    // A quiet peer's old entry must not keep the order of a busy one growing behind it.
    [Fact]
    public void Nothing_grows_behind_an_old_entry()
    {
        var trace = new ProtocolTrace(_time, entriesPerPeer: 8);
        var (quiet, busy) = (Held("10.0.0.1:1"), Held("10.0.0.1:2"));
        trace.Record(quiet, TraceDirection.Received, TraceKind.First, [1]);
        for (var i = 0; i < 100_000; i++)
        {
            trace.Record(busy, TraceDirection.Received, TraceKind.First, [2]);
        }
        Assert.InRange(trace.OrderLength, 9, 4096);
        Assert.Single(trace.For(quiet));
        Assert.Equal(8, trace.For(busy).Count);
    }

    [Fact]
    public void Entries_are_told_as_they_come()
    {
        var trace = new ProtocolTrace(_time);
        var told = new List<long>();
        trace.Recorded += (_, entry) => told.Add(entry.Sequence);
        trace.Record(Held("10.0.0.1:1"), TraceDirection.Sent, TraceKind.Event, default, "given up");
        trace.Record(_channel.PeerAt("10.0.0.1:2"), TraceDirection.Sent, TraceKind.Event, default);
        Assert.Equal([1, 2], told);
    }

    // What the message layer records of one exchange.
    [Fact]
    public async Task Exchange_is_told_with_its_copies_and_its_end()
    {
        await using var scene = new Scene();
        var device = scene.Script();
        var peer = scene.PeerOf();
        peer.Hold();
        device.Send("CON [0x0001] GET /a");
        await device.ExpectAsync("ACK [0x0001] 2.05 ...");
        device.Send("CON [0x0001] GET /a");
        await device.ExpectAsync("ACK [0x0001] 2.05 ...");
        device.Send([0x40]);
        await Assert.ThrowsAsync<CoapTimeoutException>(() => scene.Network.UntilAsync(scene.Request(peer, Scene.Get("/b"))));
        var kinds = scene.Trace.For(peer).Select(e => (e.Direction, e.Kind)).ToArray();
        (TraceDirection, TraceKind)[] expected =
        [
            (TraceDirection.Received, TraceKind.First), (TraceDirection.Sent, TraceKind.First),
            (TraceDirection.Received, TraceKind.Duplicate), (TraceDirection.Sent, TraceKind.Duplicate),
            (TraceDirection.Sent, TraceKind.First), (TraceDirection.Received, TraceKind.Dropped),
            (TraceDirection.Sent, TraceKind.Retransmission), (TraceDirection.Sent, TraceKind.Retransmission),
            (TraceDirection.Sent, TraceKind.Retransmission), (TraceDirection.Sent, TraceKind.Retransmission),
            (TraceDirection.Sent, TraceKind.Event),
        ];
        Assert.Equal(expected, kinds);
    }

    private SimPeer Held(string address)
    {
        var peer = _channel.PeerAt(address);
        peer.Hold();
        return peer;
    }
}
