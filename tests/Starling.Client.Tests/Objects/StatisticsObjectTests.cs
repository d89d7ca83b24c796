using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

public sealed class StatisticsObjectTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly SimNetwork _network;
    private readonly TrafficMeter _meter;
    private readonly SimChannel _host;
    private readonly StatisticsObject _statistics;
    private readonly Peer _other;

    public StatisticsObjectTests()
    {
        _network = new SimNetwork(_time);
        _host = _network.Host("10.0.0.2:5683");
        _meter = new TrafficMeter(_host);
        _meter.StartAsync(new Nowhere(), default).Wait();
        _other = _host.PeerAt("10.0.0.1:5683");
        _network.Host("10.0.0.1:5683").StartAsync(new Nowhere(), default).Wait();
        _statistics = new StatisticsObject(ObjectCatalog.Standard.Find(7), _meter, _time);
    }

    private long[] Values => [.. Enumerable.Range(0, 6).Select(id => _statistics.Instance.Get(id).AsInteger())];

    [Fact]
    public async Task Counts_from_start_to_stop()
    {
        ObjectAssert.Whole(_statistics.Instance);
        Send(9000);
        Assert.Equal([0, 0, 0, 0, 0, 0], Values);
        await ObjectAssert.ExecuteAsync(_statistics.Instance, 6);
        Send(1000);
        Send(3000);
        _statistics.CountSentSms();
        _statistics.CountReceivedSms();
        Assert.Equal([1, 1, 4, 0, 3000, 2000], Values);
        await ObjectAssert.ExecuteAsync(_statistics.Instance, 7);
        Send(8000);
        _statistics.CountSentSms();
        Assert.Equal([1, 1, 4, 0, 3000, 2000], Values);
        await ObjectAssert.ExecuteAsync(_statistics.Instance, 6);
        Assert.Equal([0, 0, 0, 0, 0, 0], Values);
    }

    [Fact]
    public async Task Collection_period_ends_the_count()
    {
        Assert.Equal(CoapCode.Changed, ObjectAssert.Write(_statistics.Instance, 8, 60).Code);
        await ObjectAssert.ExecuteAsync(_statistics.Instance, 6);
        _time.Advance(TimeSpan.FromSeconds(59));
        Send(2000);
        _time.Advance(TimeSpan.FromSeconds(2));
        Send(2000);
        Assert.Equal([0, 0, 2, 0, 2000, 2000], Values);
    }

    [Fact]
    public async Task What_comes_is_counted_too()
    {
        await ObjectAssert.ExecuteAsync(_statistics.Instance, 6);
        await using var sender = new TrafficMeter(_network.Host("10.0.0.3:5683"));
        await sender.StartAsync(new Nowhere(), default);
        sender.Send(await sender.ConnectAsync(new PeerTarget(new Uri("coap://10.0.0.2:5683")), default), new byte[1500]);
        await _network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal([0, 0, 0, 1, 1500, 1500], Values);
        Assert.Equal((1500, 1), (sender.SentBytes, sender.SentMessages));
        Assert.Equal((1500, 1), (_meter.ReceivedBytes, _meter.ReceivedMessages));
    }

    public async ValueTask DisposeAsync()
    {
        _statistics.Dispose();
        Assert.Equal(0, _time.TimerCount);
        await _meter.DisposeAsync();
    }

    private void Send(int bytes) => _meter.Send(_other, new byte[bytes]);

    private sealed class Nowhere : IDatagramSink
    {
        public void OnDatagram(Peer peer, Span<byte> datagram) { }
        public void OnPeerMoved(Peer peer, PeerAddress from) { }
        public void OnPeerLost(Peer peer, PeerLoss loss) { }
    }
}
