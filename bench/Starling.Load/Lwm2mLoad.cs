using System.Globalization;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Load;

/// <summary>
/// A LwM2M server to be measured: it observes a path by itself on every registration, has <c>/echo</c>, and reads from all devices when told so
/// on standard input. One subscriber reads every event, as a platform would.
/// </summary>
internal sealed class Lwm2mLoad(Lwm2mServer server, LoadChannel way, CoapTelemetry telemetry, Lwm2mPath? observed)
{
    private long _observeFailures;
    private long _events;

    public static async Task<int> RunAsync(LoadOptions options, CancellationToken cancel)
    {
        var way = LoadChannel.Of(options);
        var settings = new ServerSettings { SettleTime = TimeSpan.FromMilliseconds(options.Number("settle", 20)) };
        var telemetry = new CoapTelemetry();
        var path = options.Text("observe", "");
        await using var server = new Lwm2mServer(settings, ObjectCatalog.Standard, TimeProvider.System) { OtherPaths = new CoapEcho() };
        var load = new Lwm2mLoad(server, way, telemetry, path == "" ? null : Lwm2mPath.Parse(path));
        var watching = options.Flag("no-events") ? Task.CompletedTask : load.WatchAsync(cancel);
        await server.StartAsync([new MessageLayer(way.Top, settings.Coap, TimeProvider.System, telemetry: telemetry)], cancel);
        Console.WriteLine($"ready {way.Socket.LocalEndPoint} pid {Environment.ProcessId}");
        await load.ObeyAsync(cancel);
        load.PrintStats();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    // Lines: "read W SECS PATH", "stats", "gc". End of input is not the end: the signal is, and a read from standard input does not hear it.
    private async Task ObeyAsync(CancellationToken cancel)
    {
        _ = Task.Run(ReadLines, CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void ReadLines()
    {
        while (Console.ReadLine() is { } line)
        {
            switch (line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case ["read", var window, var seconds, var path]:
                    _ = ReadAsync(int.Parse(window, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), Lwm2mPath.Parse(path));
                    break;
                case ["stats"]:
                    PrintStats();
                    break;
                case ["gc"]:
                    GC.Collect(2, GCCollectionMode.Aggressive, true, true);
                    Console.WriteLine($"{{\"tag\":\"gc\",\"devices\":{server.Count},\"heap\":{GC.GetTotalMemory(true)},\"rss\":{Environment.WorkingSet}}}");
                    break;
            }
        }
    }

    private async Task WatchAsync(CancellationToken cancel)
    {
        await foreach (var happened in server.Events(cancel))
        {
            _events++;
            if (observed is { } path)
            {
                foreach (var device in NewDevices(happened))
                {
                    _ = ObserveAsync(device, path, cancel);
                }
            }
        }
    }

    // What is wanted of a device stays wanted when it comes back: the server asks by itself then. After a gap any device may be new.
    private IEnumerable<DeviceSession> NewDevices(DeviceEvent happened) => happened switch
    {
        DeviceEvent.Registered when server.Find(happened.Key) is { Observations.Count: 0 } device => [device],
        DeviceEvent.Gap => server.List(null, int.MaxValue).Where(d => d.Observations.Count == 0),
        _ => [],
    };

    private async Task ObserveAsync(DeviceSession device, Lwm2mPath path, CancellationToken cancel)
    {
        try
        {
            await device.ObserveAsync(path, null, cancel);
        }
        catch (Exception e) when (e is CoapException or OperationCanceledException)
        {
            Interlocked.Increment(ref _observeFailures);
        }
    }

    // Keeps so many reads under way, each on the next device.
    private async Task ReadAsync(int window, TimeSpan span, Lwm2mPath path)
    {
        var devices = server.List(null, int.MaxValue);
        if (devices.Count == 0)
        {
            Console.WriteLine("{\"tag\":\"server\",\"phase\":\"read\",\"error\":\"no device is registered\"}");
            return;
        }
        var request = new Lwm2mRequest.Read(path);
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        long next = -1, answered = 0, failed = 0;
        await Task.WhenAll(Enumerable.Range(0, window).Select(_ => Task.Run(ReadOnAsync)));
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"tag\":\"server\",\"phase\":\"read\",\"window\":{window},\"secs\":{seconds:0.000},\"ok\":{answered},\"fail\":{failed},\"rate\":{answered / seconds:0}}}"));

        async Task ReadOnAsync()
        {
            while (clock.GetElapsedTime(start) < span)
            {
                try
                {
                    var device = devices[(int)(Interlocked.Increment(ref next) % devices.Count)];
                    var response = await device.SendAsync(request, CancellationToken.None);
                    Interlocked.Increment(ref response.Code.IsSuccess ? ref answered : ref failed);
                }
                catch (CoapException)
                {
                    Interlocked.Increment(ref failed);
                }
            }
        }
    }

    private void PrintStats()
    {
        var c = server.Counters;
        var channel = way.Socket;
        Console.WriteLine(
            $"{{\"tag\":\"stats\",\"devices\":{c.Devices},\"registers\":{c.Registers},\"updates\":{c.Updates},\"deregisters\":{c.Deregisters},\"rejections\":{c.Rejections}," +
            $"\"observations\":{c.Observations},\"notifications\":{c.Notifications},\"stale\":{c.StaleNotifications},\"operations\":{c.Operations}," +
            $"\"failed\":{c.FailedOperations},\"observeFailures\":{_observeFailures},\"events\":{_events},\"missedEvents\":{c.MissedEvents}," +
            $"\"retransmissions\":{telemetry.Retransmissions},\"duplicates\":{telemetry.Duplicates},\"received\":{channel.Counters.Received}," +
            $"\"sent\":{channel.Counters.Sent},\"overrun\":{channel.Overrun},\"peers\":{channel.PeerCount},\"sessions\":{way.Dtls?.SessionCount ?? 0}," +
            $"\"gen0\":{GC.CollectionCount(0)},\"gen1\":{GC.CollectionCount(1)},\"gen2\":{GC.CollectionCount(2)},\"pauseMs\":{GC.GetTotalPauseDuration().TotalMilliseconds:0},\"allocated\":{GC.GetTotalAllocatedBytes()}}}");
    }
}
