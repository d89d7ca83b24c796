using System.Diagnostics.Metrics;
using System.Reflection;

namespace Starling.Coap.Tests;

public sealed class CoapTelemetryTests
{
    [Fact]
    public void Every_count_is_published_under_a_name_of_its_own()
    {
        using var meters = new Meters();
        var telemetry = new CoapTelemetry(meters);
        var counts = typeof(CoapTelemetry).GetProperties().Where(p => p.PropertyType == typeof(long)).ToArray();
        foreach (var (count, i) in typeof(CoapTelemetry).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(m => m.Name.StartsWith("Count", StringComparison.Ordinal)).Select((m, i) => (m, i)))
        {
            for (var n = 0; n <= i; n++)
            {
                count.Invoke(telemetry, null);
            }
        }
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == meters.Made)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen.Add(instrument.Name, value));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal(counts.Select(p => (long)p.GetValue(telemetry)!).Order(), seen.Values.Order());
        Assert.Equal(counts.Length, seen.Values.Distinct().Count());
        Assert.All(seen.Keys, name => Assert.StartsWith("coap.", name, StringComparison.Ordinal));
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter? Made { get; private set; }

        public Meter Create(MeterOptions options) => Made = new Meter(options);

        public void Dispose() => Made?.Dispose();
    }
}
