using System.Diagnostics.Metrics;
using System.Net;

namespace Starling.Transports.Tests;

public sealed class UdpSettingsTests
{
    public static TheoryData<string> Wrong => [.. _wrong.Keys];

    private static readonly Dictionary<string, UdpSettings> _wrong = new(StringComparer.Ordinal)
    {
        [nameof(UdpSettings.ReceiveThreads)] = new() { ReceiveThreads = 0 },
        [nameof(UdpSettings.Batch)] = new() { Batch = 1025 },
        [nameof(UdpSettings.MaxDatagram)] = new() { MaxDatagram = 65_508 },
        [nameof(UdpSettings.ReceiveBuffer)] = new() { ReceiveBuffer = -1 },
        [nameof(UdpSettings.SendBuffer)] = new() { SendBuffer = 0 },
        [nameof(UdpSettings.MaxUnheldPeers)] = new() { MaxUnheldPeers = 0 },
        [nameof(UdpSettings.MaxLocalAddresses)] = new() { MaxLocalAddresses = 65_536 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Setting_out_of_range_is_named(string name)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new UdpChannel(_wrong[name]));
        Assert.Equal(name, error.ParamName);
    }

    [Fact]
    public async Task Channel_may_not_take_more_than_its_shared_threads()
    {
        await using var threads = new UdpThreads(new UdpSettings { MaxDatagram = 1000 });
        Assert.Throws<ArgumentException>(() => new UdpChannel(new UdpSettings { MaxDatagram = 1001 }, threads));
    }

    [Fact]
    public async Task Counters_leave_as_instruments_of_one_meter()
    {
        using var meters = new Meters();
        await using var channel = new UdpChannel(new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) }, meters: meters);
        await channel.StartAsync(new UdpSink(), CancellationToken.None);
        channel.Counters.AddSent(3, 30);
        channel.Counters.AddEvicted();
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (meters.Made.Contains(instrument.Meter))
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            Assert.Equal(channel.LocalEndPoint.ToString(), tags[0].Value);
            seen[instrument.Name] = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal((3, 30, 1, 0), (seen["udp.sent"], seen["udp.sent.size"], seen["udp.peers.evicted"], seen["udp.overrun"]));
        Assert.All(meters.Made, meter => Assert.Equal("Starling.Transports", meter.Name));
    }

    private sealed class Meters : IMeterFactory
    {
        public List<Meter> Made { get; } = [];

        public Meter Create(MeterOptions options)
        {
            Made.Add(new Meter(options));
            return Made[^1];
        }

        public void Dispose() => Made.ForEach(meter => meter.Dispose());
    }
}
