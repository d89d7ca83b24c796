using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

/// <summary>What devices tell without being asked.</summary>
public sealed class SendTests
{
    [Fact]
    public async Task Values_come_with_their_times_and_more_than_once()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, _) = await rig.RegisteredAsync();
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        var sent = Send("""[{"bn":"/3303/0/5700","bt":1700000000,"v":21.5},{"t":60,"v":22},{"bn":"/3/0/9","v":50}]""");
        Assert.Equal("2.04", (await rig.Network.UntilAsync(device.SendAsync(sent))).Code.ToString());
        var taken = Assert.IsType<DeviceEvent.Sent>(Assert.Single(await rig.TakeAsync(events, 1)));
        Assert.Equal(["/3303/0/5700", "/3303/0/5700", "/3/0/9"], taken.Records.Select(r => r.Path.ToString()));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_060), taken.Records[1].Time);
        Assert.Equal(50, taken.Records[2].Value.AsInteger());
        Assert.Equal(1, rig.Server.Counters.Sends);
    }

    [Fact]
    public async Task Object_that_is_not_registered_is_refused_and_not_lost()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, _) = await rig.RegisteredAsync();
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        var answer = await rig.Network.UntilAsync(device.SendAsync(Send("""[{"n":"/3/0/9","v":50},{"n":"/5/0/3","v":1}]""")));
        Assert.Equal("4.04", answer.Code.ToString());
        var unmapped = Assert.IsType<DeviceEvent.Unmapped>(Assert.Single(await rig.TakeAsync(events, 1)));
        Assert.Equal(2, unmapped.Records.Count);
        Assert.Contains("object 5", unmapped.Cause);
        Assert.Equal((0, 1, 1), (rig.Server.Counters.Sends, rig.Server.Counters.RefusedSends, rig.Server.Counters.Unmapped));
    }

    [Fact]
    public async Task Object_without_definition_is_taken_and_told_to_be_unmapped()
    {
        await using var rig = await ServerRig.StartAsync();
        var device = await rig.DeviceAsync("dev-1", "10.0.1.1:5683");
        await rig.Network.UntilAsync(device.RegisterAsync(links: "</3/0>,</3303>;ver=\"7.7\",</3303/0>,</9999/0>"));
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        await rig.Network.UntilAsync(device.SendAsync(Send("""[{"n":"/3/0/9","v":50},{"n":"/9999/0/1","v":1},{"n":"/3303/0/5700","v":2}]""")));
        var taken = await rig.TakeAsync(events, 2);
        Assert.Equal(3, Assert.IsType<DeviceEvent.Sent>(taken[0]).Records.Count);
        Assert.Equal(["/9999/0/1", "/3303/0/5700"], Assert.IsType<DeviceEvent.Unmapped>(taken[1]).Records.Select(r => r.Path.ToString()));
    }

    [Theory]
    [InlineData("not json", 110, "4.00")]
    [InlineData("21.5", 0, "4.15")]
    public async Task What_cannot_be_read_is_refused_and_its_bytes_are_told(string payload, int format, string code)
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, _) = await rig.RegisteredAsync();
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        Assert.Equal(code, (await rig.Network.UntilAsync(device.SendAsync(Send(payload, format)))).Code.ToString());
        var unmapped = Assert.IsType<DeviceEvent.Unmapped>(Assert.Single(await rig.TakeAsync(events, 1)));
        Assert.Equal(payload, Encoding.UTF8.GetString(unmapped.Raw.Span));
    }

    [Fact]
    public async Task Stranger_is_refused()
    {
        await using var rig = await ServerRig.StartAsync();
        Assert.Equal("4.04", (await rig.AskAsync(Send("""[{"n":"/3/0/9","v":50}]"""))).Code.ToString());
        Assert.Equal("4.04", (await rig.AskAsync(Requests.Post("dp/x"))).Code.ToString());
        Assert.Equal(1, rig.Server.Counters.RefusedSends);
    }

    [Fact]
    public async Task Alternate_path_stands_in_the_names()
    {
        await using var rig = await ServerRig.StartAsync();
        var device = await rig.DeviceAsync("dev-1", "10.0.1.1:5683");
        await rig.Network.UntilAsync(device.RegisterAsync(links: "</lwm2m>;rt=\"oma.lwm2m\",</lwm2m/3/0>"));
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        await rig.Network.UntilAsync(device.SendAsync(Send("""[{"n":"/lwm2m/3/0/9","v":50}]""")));
        Assert.Equal("/3/0/9", Assert.Single(Assert.IsType<DeviceEvent.Sent>((await rig.TakeAsync(events, 1))[0]).Records).Path.ToString());
    }

    [Fact]
    public async Task Notification_of_what_nobody_observes_is_told_to_be_unmapped()
    {
        await using var rig = await ServerRig.StartAsync();
        var (device, session) = await rig.RegisteredAsync();
        device.Values["/"] = """[{"n":"/3/0/9","v":50}]""";
        await rig.Network.UntilAsync(session.ObserveAsync(new ObserveOrder(new Lwm2mPath(3, 0, 9)) { IsComposite = true }, default).AsTask());
        await using var events = rig.Server.Events(CancellationToken.None).GetAsyncEnumerator();
        await rig.Network.UntilAsync(device.NotifyAsync("/", """[{"n":"/3/0/9","v":51},{"n":"/3303/0/5700","v":9}]"""));
        var taken = await rig.TakeAsync(events, 2);
        Assert.IsType<DeviceEvent.Notified>(taken[0]);
        Assert.Equal("/3303/0/5700", Assert.Single(Assert.IsType<DeviceEvent.Unmapped>(taken[1]).Records).Path.ToString());
        await rig.Network.UntilAsync(device.NotifyAsync("/", "not json"));
        var unreadable = Assert.IsType<DeviceEvent.Unmapped>((await rig.TakeAsync(events, 2))[1]);
        Assert.Equal("not json", Encoding.UTF8.GetString(unreadable.Raw.Span));
    }

    internal static CoapMessage Send(string payload, int format = 110)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, "dp");
        options.Add(OptionNumber.ContentFormat, (uint)format);
        return new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = Encoding.UTF8.GetBytes(payload) };
    }
}
