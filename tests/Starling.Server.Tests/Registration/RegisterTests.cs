using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

/// <summary>LwM2M Core 1.2 §6.2.1: what a Register may say and what is answered.</summary>
public sealed class RegisterTests
{
    [Fact]
    public async Task Register_is_created_at_two_segments_with_an_id_of_16_url_safe_characters()
    {
        await using var rig = await ServerRig.StartAsync();
        var created = await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1&b=U");
        var location = created.Location().Split('/');
        Assert.Equal(2, location.Length);
        Assert.Equal("rd", location[0]);
        Assert.Matches("^[A-Za-z0-9_-]{16}$", location[1]);
    }

    [Fact]
    public async Task Register_keeps_what_the_device_told()
    {
        await using var rig = await ServerRig.StartAsync();
        var created = await rig.RegisterAsync("ep=urn:dev:1&lt=60&lwm2m=1.2&b=UT&Q&sms=4912345", "</3/0>,</3303>;ver=1.1,</3303/2>");
        var session = rig.Server.Find(new DeviceKey("urn:dev:1"))!;
        var told = session.Registration;
        Assert.Equal(created.Location(), $"rd/{told.Id}");
        Assert.Equal((Lwm2mVersion.V12, 60L, "UT", true, "4912345"), (told.Version, told.Lifetime, told.Binding, told.QueueMode, told.SmsNumber));
        Assert.Equal([new Lwm2mPath(3, 0), new Lwm2mPath(3303), new Lwm2mPath(3303, 2)], told.Links.Paths);
        Assert.Equal(new ObjectVersion(1, 1), told.Links.Versions[3303]);
        Assert.Equal(rig.Time.GetUtcNow(), told.RegisteredAt);
        Assert.Equal(rig.Time.GetUtcNow().AddSeconds(60), told.ExpiresAt);
        Assert.Equal("10.0.9.9:1", told.Address.Text);
    }

    [Theory]
    [InlineData("ep=a&lt=60&lwm2m=1.0", "1.0")]
    [InlineData("ep=a&lt=60&lwm2m=1.1", "1.1")]
    [InlineData("ep=a&lt=60&lwm2m=1.2", "1.2")]
    [InlineData("ep=a&lt=60&lwm2m=1.2.2", "1.2")]
    [InlineData("ep=a&lt=60", "1.0")]
    public async Task Register_takes_every_version_up_to_1_2(string query, string version)
    {
        await using var rig = await ServerRig.StartAsync();
        (await rig.RegisterAsync(query)).Location();
        Assert.Equal(version, rig.Server.Find(new DeviceKey("a"))!.Registration.Version.ToString());
    }

    [Theory]
    [InlineData("ep=a&lt=60&lwm2m=1.3")]
    [InlineData("ep=a&lt=60&lwm2m=2.0")]
    [InlineData("ep=a&lt=60&lwm2m=0.9")]
    public async Task Register_of_another_version_is_4_12(string query)
    {
        await using var rig = await ServerRig.StartAsync();
        Assert.Equal(CoapCode.PreconditionFailed, (await rig.RegisterAsync(query)).Code);
        Assert.Equal(0, rig.Server.Count);
    }

    [Theory]
    [InlineData("lt=60&lwm2m=1.1")]
    [InlineData("ep=&lt=60&lwm2m=1.1")]
    [InlineData("ep=a&lwm2m=1.1")]
    [InlineData("ep=a&lt=x&lwm2m=1.1")]
    [InlineData("ep=a&lt=-1&lwm2m=1.1")]
    [InlineData("ep=a&lt=60&lwm2m=one")]
    [InlineData("ep=a&lt=60&lwm2m=1.1&b=?")]
    public async Task Register_without_what_it_must_tell_is_4_00_with_a_reason(string query)
    {
        await using var rig = await ServerRig.StartAsync();
        var refused = await rig.RegisterAsync(query);
        Assert.Equal(CoapCode.BadRequest, refused.Code);
        Assert.False(refused.Payload.IsEmpty);
        Assert.Equal(0, rig.Server.Count);
        Assert.Equal(1, rig.Server.Counters.Rejections);
    }

    [Fact]
    public async Task Register_of_1_0_without_lifetime_gets_a_day()
    {
        await using var rig = await ServerRig.StartAsync();
        (await rig.RegisterAsync("ep=a")).Location();
        Assert.Equal(86_400, rig.Server.Find(new DeviceKey("a"))!.Registration.Lifetime);
    }

    [Fact]
    public async Task Register_with_unknown_parameters_and_without_links_is_taken()
    {
        await using var rig = await ServerRig.StartAsync();
        (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.2&x=1&hb", links: "")).Location();
        Assert.Empty(rig.Server.Find(new DeviceKey("a"))!.Registration.Links.Paths);
    }

    [Fact]
    public async Task Register_with_a_long_endpoint_is_refused_by_the_limit()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { MaxEndpointLength = 8 });
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=12345678&lt=60&lwm2m=1.1")).Code);
        Assert.Equal(CoapCode.BadRequest, (await rig.RegisterAsync("ep=123456789&lt=60&lwm2m=1.1")).Code);
    }

    [Fact]
    public async Task Register_beyond_the_limit_is_5_03_until_a_device_leaves()
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { MaxDevices = 2 });
        var first = await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1");
        await rig.RegisterAsync("ep=b&lt=60&lwm2m=1.1");
        Assert.Equal(CoapCode.ServiceUnavailable, (await rig.RegisterAsync("ep=c&lt=60&lwm2m=1.1")).Code);
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=b&lt=60&lwm2m=1.1")).Code);
        await rig.AskAsync(Requests.Delete(first.Location()));
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=c&lt=60&lwm2m=1.1")).Code);
        Assert.Equal(2, rig.Server.Count);
    }

    [Fact]
    public async Task Register_of_the_same_endpoint_replaces_the_registration_and_forgets_the_old_id()
    {
        await using var rig = await ServerRig.StartAsync();
        var first = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1&sms=1")).Location();
        var session = rig.Server.Find(new DeviceKey("a"));
        var second = (await rig.RegisterAsync("ep=a&lt=90&lwm2m=1.2")).Location();
        Assert.NotEqual(first, second);
        Assert.Equal(1, rig.Server.Count);
        Assert.Same(session, rig.Server.Find(new DeviceKey("a")));
        Assert.Null(session!.Registration.SmsNumber);
        Assert.Equal(90, session.Registration.Lifetime);
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Requests.Post(first))).Code);
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post(second))).Code);
        Assert.Null(rig.Server.FindRegistration(first[3..]));
        Assert.Same(session, rig.Server.FindRegistration(second[3..]));
    }

    [Fact]
    public async Task Register_holds_the_peer_until_the_registration_ends()
    {
        await using var rig = await ServerRig.StartAsync();
        var (one, two) = (rig.Host.PeerAt("10.0.9.1:1"), rig.Host.PeerAt("10.0.9.2:1"));
        await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1", from: one.Host);
        Assert.True(one.IsHeld);
        Assert.Same(rig.Server.Find(new DeviceKey("a")), rig.Server.FindPeer(one));
        var location = (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1", from: two.Host)).Location();
        Assert.False(one.IsHeld);
        Assert.Null(rig.Server.FindPeer(one));
        Assert.True(two.IsHeld);
        await rig.AskAsync(Requests.Delete(location), two.Host);
        Assert.False(two.IsHeld);
        Assert.Null(rig.Server.FindPeer(two));
    }

    [Fact]
    public async Task Register_with_a_list_in_blocks_is_taken_whole()
    {
        await using var rig = await ServerRig.StartAsync();
        var device = await rig.DeviceAsync("dev-1", "10.0.1.1:5683");
        var links = string.Join(',', Enumerable.Range(0, 300).Select(i => $"</3303/{i}>"));
        await rig.Network.UntilAsync(device.RegisterAsync(links: links));
        Assert.Equal(300, rig.Server.Find(new DeviceKey("dev-1"))!.Registration.Links.Paths.Count);
    }

    [Fact]
    public async Task Ids_never_repeat()
    {
        await using var rig = await ServerRig.StartAsync();
        var ids = new HashSet<string>();
        for (var i = 0; i < 2000; i++)
        {
            Assert.True(ids.Add((await rig.RegisterAsync($"ep=d{i % 50}&lt=60&lwm2m=1.1")).Location()));
        }
    }
}
