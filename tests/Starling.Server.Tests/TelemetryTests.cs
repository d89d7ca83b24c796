using System.Diagnostics.Metrics;

namespace Starling.Server.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Counters_are_instruments_too()
    {
        await using var rig = await ServerRig.StartAsync();
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Starling.Server")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        // Other tests' servers have meters of the same name: what is looked for is that ours is among them.
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = Math.Max(value, seen.GetValueOrDefault(instrument.Name)));
        listener.Start();
        for (var i = 0; i < 3; i++)
        {
            await rig.RegisterAsync($"ep=d{i}&lt=60&lwm2m=1.1");
        }
        listener.RecordObservableInstruments();
        Assert.Equal((3, 3), (rig.Server.Counters.Devices, rig.Server.Counters.Registers));
        Assert.True(seen["lwm2m.server.devices"] >= 3);
        Assert.True(seen["lwm2m.server.registrations"] >= 3);
        Assert.Equal(27, seen.Count);
    }
}
