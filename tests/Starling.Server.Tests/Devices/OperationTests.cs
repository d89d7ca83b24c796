using System.Text;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>Operations on a device, over the real layers and a simulated network.</summary>
public sealed class OperationTests
{
    private static readonly Lwm2mPath _manufacturer = new(3, 0, 0);

    [Fact]
    public async Task Read_asks_with_accept_and_gives_the_value()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3/0/0"] = "Acme";
        var response = await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_manufacturer), default).AsTask());
        Assert.Equal(CoapCode.Content, response.Code);
        Assert.Equal(Lwm2mValue.String("Acme"), Assert.Single(response.Records).Value);
        Assert.Equal(ContentFormat.Text, response.Format);
        var request = Assert.Single(device.Requests);
        Assert.True(request.Options.Has(OptionNumber.Accept));
        Assert.Equal(request.Token, response.Operation);
    }

    [Fact]
    public async Task Not_acceptable_is_asked_again_once_without_accept_under_the_same_operation()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3/0/0"] = "Acme";
        device.Answer = r => r.Options.Has(OptionNumber.Accept) ? CoapMessage.Response(CoapCode.NotAcceptable) : null;
        var response = await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_manufacturer), default).AsTask());
        Assert.Equal(CoapCode.Content, response.Code);
        Assert.Equal(2, device.Requests.Count);
        Assert.Equal(device.Requests.First().Token, response.Operation);

        device.Answer = _ => CoapMessage.Response(CoapCode.NotAcceptable);
        var again = await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_manufacturer), default).AsTask());
        Assert.Equal(CoapCode.NotAcceptable, again.Code);
        Assert.Equal(4, device.Requests.Count);
    }

    [Fact]
    public async Task Format_that_a_device_refuses_is_not_used_with_it_again()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Answer = r => r.Options.ContentFormat == ContentFormat.SenmlCbor ? CoapMessage.Response(CoapCode.UnsupportedContentFormat)
            : r.Options.Accept == ContentFormat.SenmlCbor ? CoapMessage.Response(CoapCode.NotAcceptable)
            : r.Code == CoapCode.Get ? Tlv()
            : CoapMessage.Response(CoapCode.Changed);
        var write = new Lwm2mRequest.Write(new(1, 0), [new(new(1, 0, 1), 60), new(new(1, 0, 6), true)], Replace: false);

        await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(new(3, 0)), default).AsTask());
        await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(new(3, 0)), default).AsTask());
        Assert.Equal([112, null, 11542], device.Requests.Select(r => (int?)r.Options.Accept?.Value));

        device.Requests.Clear();
        Assert.Equal(CoapCode.Changed, (await rig.Network.UntilAsync(session.SendAsync(write, default).AsTask())).Code);
        Assert.Equal([112, 110], device.Requests.Select(r => (int)r.Options.ContentFormat!.Value.Value));
        Assert.Equal(CoapCode.Changed, (await rig.Network.UntilAsync(session.SendAsync(write, default).AsTask())).Code);
        Assert.Equal([112, 110, 110], device.Requests.Select(r => (int)r.Options.ContentFormat!.Value.Value));

        static CoapMessage Tlv()
        {
            var options = new CoapOptionsBuilder();
            options.Add(OptionNumber.ContentFormat, ContentFormat.Tlv.Value);
            return new CoapMessage { Code = CoapCode.Content, Options = options.Build(), Payload = Convert.FromHexString("C10964") };
        }
    }

    [Fact]
    public async Task Large_value_is_read_in_blocks()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/3/0/0"] = new string('x', 5000);
        var response = await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_manufacturer), default).AsTask());
        Assert.Equal(5000, Assert.Single(response.Records).Value.AsString().Length);
    }

    [Fact]
    public async Task Catalog_of_a_device_has_the_versions_that_it_told()
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1", "</3>;ver=1.0,</3/0>");
        Assert.Equal(new ObjectVersion(1, 0), rig.Server.Find(new DeviceKey("a"))!.Catalog.FindObject(3)!.Version);
    }

    [Fact]
    public async Task Refusal_of_the_device_is_a_response_with_its_words()
    {
        await using var rig = await ServerRig.StartAsync();
        var (_, session) = await rig.RegisteredAsync();
        var response = await rig.Network.UntilAsync(session.SendAsync(new Lwm2mRequest.Read(_manufacturer), default).AsTask());
        Assert.Equal((CoapCode.NotFound, "no such value"), (response.Code, response.Diagnostic));
    }

    [Fact]
    public async Task Execute_write_attributes_and_delete_reach_the_device()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        Lwm2mRequest[] requests =
        [
            new Lwm2mRequest.Execute(new Lwm2mPath(3, 0, 4), "0='x'"),
            new Lwm2mRequest.WriteAttributes(new Lwm2mPath(3303, 0, 5700), new NotificationAttributes { MinimumPeriod = 5 }),
            new Lwm2mRequest.Delete(new Lwm2mPath(3303, 0)),
        ];
        foreach (var request in requests)
        {
            Assert.True((await rig.Network.UntilAsync(session.SendAsync(request, default).AsTask())).Code.IsSuccess);
        }
        Assert.Equal(["0.02 /3/0/4 ", "0.03 /3303/0/5700 pmin=5", "0.04 /3303/0 "],
            device.Requests.Select(r => $"{r.Code} {r.Options.UriPath} {r.Options.UriQuery}"));
    }

    [Fact]
    public async Task Operation_right_after_a_register_waits_until_its_answer_is_out()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { SettleTime = TimeSpan.FromMilliseconds(200) });
        var device = await rig.DeviceAsync("dev-1", "10.0.1.1:5683");
        device.Values["/3/0/0"] = "Acme";
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        var registering = device.RegisterAsync();
        await rig.TakeAsync(events, 1);
        var reading = rig.Server.Find(new DeviceKey("dev-1"))!.SendAsync(new Lwm2mRequest.Read(_manufacturer), default).AsTask();
        await rig.Network.UntilAsync(reading);
        var sent = rig.Network.Frames.Where(f => f.From == ServerRig.Address).ToList();
        Assert.True(registering.IsCompletedSuccessfully);
        Assert.True(sent[1].At - sent[0].At >= TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task Silent_device_is_a_timeout_and_counted()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Host.Lose(device.Host.PeerAt(ServerRig.Address));
        await device.DisposeAsync();
        var reading = session.SendAsync(new Lwm2mRequest.Read(_manufacturer), default).AsTask();
        await Assert.ThrowsAsync<CoapTimeoutException>(() => rig.Network.UntilAsync(reading));
        Assert.Equal((1, 1), (rig.Server.Counters.Operations, rig.Server.Counters.FailedOperations));
    }

    [Fact]
    public async Task Device_that_is_gone_is_told_to_the_caller_at_once()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        await rig.Network.UntilAsync(device.DeregisterAsync());
        await Assert.ThrowsAsync<PeerLostException>(async () => await session.SendAsync(new Lwm2mRequest.Read(_manufacturer), default));
        await Assert.ThrowsAsync<PeerLostException>(async () => await session.ObserveAsync(_manufacturer, null, default));
    }

    [Fact]
    public async Task Requests_that_are_no_operations_are_the_callers_mistake()
    {
        await using var rig = await ServerRig.StartAsync();
        var (_, session) = await rig.RegisteredAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.SendAsync(new Lwm2mRequest.Observe(_manufacturer), default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.SendAsync(new Lwm2mRequest.Deregister("rd/x"), default));
    }

    [Fact]
    public async Task Cancelled_operation_ends_as_cancelled()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.IsDeaf = true;
        using var stop = new CancellationTokenSource();
        var reading = session.SendAsync(new Lwm2mRequest.Read(_manufacturer), stop.Token).AsTask();
        await rig.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.False(reading.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Network.UntilAsync(reading));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Reads_over_a_rough_network_each_end_in_one_answer(int seed)
    {
        await using var rig = await ServerRig.StartAsync(seed: seed, conditions: SimConditions.Rough);
        var reads = new List<Task<Lwm2mResponse>>();
        for (var i = 0; i < 5; i++)
        {
            var (device, session) = await rig.RegisteredAsync($"dev-{i}", $"10.0.1.{i}:5683");
            device.Values["/3/0/0"] = $"Acme {i}";
            reads.AddRange(Enumerable.Range(0, 6).Select(_ => session.SendAsync(new Lwm2mRequest.Read(_manufacturer), default).AsTask()));
        }
        await rig.Network.UntilAsync(() => reads.All(r => r.IsCompleted), TimeSpan.FromHours(1), "all reads");
        for (var i = 0; i < reads.Count; i++)
        {
            if (!reads[i].IsFaulted)
            {
                Assert.Equal($"Acme {i / 6}", Encoding.UTF8.GetString((await reads[i]).Raw.Span));
            }
            else
            {
                Assert.IsAssignableFrom<CoapException>(reads[i].Exception!.InnerException);
            }
        }
        Assert.True(reads.Count(r => r.IsCompletedSuccessfully) > 20, $"seed {seed}: {reads.Count(r => r.IsCompletedSuccessfully)} of 30");
    }
}
