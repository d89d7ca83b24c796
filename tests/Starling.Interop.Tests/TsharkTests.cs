using System.Globalization;
using Starling.Client;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Interop.Tests;

/// <summary>tshark reads what our server and our client say to each other.</summary>
[Trait("Category", "Interop")]
public sealed class TsharkTests
{
    private const int Thermometers = 60;   // so many that Register and Read go by blocks

    [PeerFact(Peers.Tshark)]
    public async Task Every_datagram_of_a_whole_conversation_is_well_formed()
    {
        var capture = new Capture();
        await ConverseAsync(capture, Lwm2mVersion.V10);
        await ConverseAsync(capture, Lwm2mVersion.V11);
        await ConverseAsync(capture, Lwm2mVersion.V12);
        var file = Path.GetTempFileName();
        try
        {
            capture.Save(file);
            var rows = await ReadAsync(file);
            Assert.Equal(capture.Count, rows.Length);
            Assert.True(rows.Length > 60, $"There were only {rows.Length} datagrams.");
            Assert.All(rows, row => Assert.Equal("coap", row[0].Split(':')[3]));
            Assert.All(rows, row => Assert.True(row[1].Length == 0, $"tshark calls datagram {row[2]} malformed ({row[0]}, code {row[3]})."));
            Assert.Contains(rows, r => r[5].Length > 0);
            // Not only acknowledgements: requests, good answers, refusals, and every format that we send.
            var codes = rows.Select(r => r[3]).ToHashSet();
            Assert.Empty(new[] { "0", "1", "2", "3", "4", "65", "66", "68", "69", "95", "132" }.Except(codes));
            var formats = rows.SelectMany(r => r[4].Split(',')).ToHashSet();
            Assert.Empty(new[] { "text/plain; charset=utf-8", "application/link-format", "application/senml+cbor", "application/vnd.oma.lwm2m+tlv" }.Except(formats));
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Frame protocols, malformed, frame number, CoAP code, content format, block number.
    private static async Task<string[][]> ReadAsync(string file)
    {
        string[] fields = ["frame.protocols", "_ws.malformed", "frame.number", "coap.code", "coap.opt.ctype", "coap.opt.block_number"];
        var (exit, output) = await ForeignProgram.RunAsync(Peers.Get(Peers.Tshark),
            ["-n", "-r", file, "-T", "fields", "-E", "separator=|", .. fields.SelectMany(f => new[] { "-e", f })]);
        Assert.True(exit == 0, output);
        return [.. output.Split('\n').Where(l => l.StartsWith("raw:", StringComparison.Ordinal)).Select(l => l.Split('|'))];
    }

    private static async Task ConverseAsync(Capture capture, Lwm2mVersion version)
    {
        await using var server = await RunningServer.StartAsync(trace: true);
        capture.Listen(server.Server.Trace!);
        var trace = new ProtocolTrace(TimeProvider.System);
        capture.Listen(trace);
        var endpoint = $"device-{version.ToString().Replace('.', '-')}";
        await using var client = new RunningClient(new Uri($"coap://127.0.0.1:{server.Port}"), endpoint, version, trace, confirmable: true);
        for (var id = 1; id <= Thermometers; id++)
        {
            client.Client.Objects.Add(new ObjectInstance(ObjectCatalog.Standard.Find(3303), id) { [5700] = id });
        }
        await client.RegisterAsync();
        await server.NextAsync<DeviceEvent.Registered>(endpoint);
        foreach (var request in Requests())
        {
            await server.SendAsync(endpoint, request);
        }
        var value = new Lwm2mPath(3303, 0, 5700);
        await server.Device(endpoint).ObserveAsync(value, null, ForeignProgram.Patience);
        await server.NextAsync<DeviceEvent.Notified>(endpoint);
        client.Thermometer.Set(5700, 30 + version.Minor);
        await server.NextAsync<DeviceEvent.Notified>(endpoint);
        client.Client.Update();
        await server.NextAsync<DeviceEvent.Updated>(endpoint);
        await client.LeaveAsync();
    }

    private static IEnumerable<Lwm2mRequest> Requests()
    {
        var (dimmer, light) = (new Lwm2mPath(3311, 0, 5851), new Lwm2mPath(3311, 0));
        yield return new Lwm2mRequest.Read(new Lwm2mPath(3, 0));
        yield return new Lwm2mRequest.Read(new Lwm2mPath(3303, 0, 5700));
        yield return new Lwm2mRequest.Read(new Lwm2mPath(3303));
        yield return new Lwm2mRequest.Read(new Lwm2mPath(9, 9, 9));
        yield return new Lwm2mRequest.Discover(new Lwm2mPath(3303));
        yield return new Lwm2mRequest.Write(dimmer, [new Lwm2mRecord(dimmer, 40)]);
        yield return new Lwm2mRequest.Write(light, [new Lwm2mRecord(dimmer, 50), new Lwm2mRecord(light.Append(5850), true)], Replace: false);
        yield return new Lwm2mRequest.WriteAttributes(new Lwm2mPath(3303, 0, 5700), new NotificationAttributes { MinimumPeriod = 0, MaximumPeriod = 600 });
        yield return new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4), "0='a',1");
        yield return new Lwm2mRequest.Delete(new Lwm2mPath(3303, 0));
    }
}
