using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server.Tests;

/// <summary>Profile ids in registrations, and other things that registrations of 1.2 may say.</summary>
public sealed class ProfileTests
{
    private const string Query = "lt=60&lwm2m=1.2";

    [Fact]
    public async Task Profile_is_learned_from_one_device_and_stands_for_the_list_of_the_next()
    {
        var store = new MemoryProfileStore();
        await using (var rig = await ServerRig.StartAsync(profiles: store))
        {
            Assert.Equal("4.09", (await rig.RegisterAsync($"ep=a&{Query}&pid=6:27354b9a", "")).Code.ToString());
            Assert.Equal(0, rig.Server.Count);
            await rig.RegisterAsync($"ep=a&{Query}&pid=6:27354b9a", "</1/0>,</3>;ver=1.1,</3/0>");
            await rig.RegisterAsync($"ep=b&{Query}&pid=6:27354b9a", "");
            AssertHas(rig, "b", "/1/0 /3 /3/0");
            Assert.Equal(["6:27354b9a"], Of(rig, "b").ProfileIds);
            Assert.Equal(new ObjectVersion(1, 1), Of(rig, "b").Links.Versions[3]);
            Assert.Equal(1, rig.Server.Counters.Profiles);
        }
        await using var next = await ServerRig.StartAsync(profiles: store);
        await next.RegisterAsync($"ep=c&{Query}&pid=6:27354b9a", "");
        AssertHas(next, "c", "/1/0 /3 /3/0");
    }

    [Fact]
    public async Task Several_profiles_and_a_list_are_taken_together()
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync($"ep=a&{Query}&pid=oma:base", "</1/0>,</3/0>");
        await rig.RegisterAsync($"ep=b&{Query}&pid=v:meter-1", "</3303>;ver=1.1,</3303/0>");
        await rig.RegisterAsync($"ep=c&{Query}&pid=\"oma:base,v:meter-1\"", "</5/0>");
        AssertHas(rig, "c", "/1/0 /3/0 /5/0 /3303 /3303/0");
        Assert.Equal(new ObjectVersion(1, 1), Of(rig, "c").Links.Versions[3303]);
        // What was added to a known profile is that device's own.
        await rig.RegisterAsync($"ep=d&{Query}&pid=oma:base", "</4/0>");
        await rig.RegisterAsync($"ep=e&{Query}&pid=oma:base", "");
        AssertHas(rig, "d", "/1/0 /3/0 /4/0");
        AssertHas(rig, "e", "/1/0 /3/0");
    }

    [Theory]
    [InlineData("\"oma:base,oma:other\"", "")]
    [InlineData("\"oma:base,oma:other\"", "</5/0>")]
    [InlineData("oma:other", "")]
    public async Task List_that_cannot_be_determined_is_asked_for(string pid, string links)
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync($"ep=a&{Query}&pid=oma:base", "</1/0>,</3/0>");
        var answer = await rig.RegisterAsync($"ep=b&{Query}&pid={pid}", links);
        Assert.Equal("4.09", answer.Code.ToString());
        Assert.Contains("oma:other", System.Text.Encoding.UTF8.GetString(answer.Payload.Span));
        Assert.Equal(1, rig.Server.Counters.Profiles);
    }

    [Fact]
    public async Task Update_names_profiles_too()
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync($"ep=a&{Query}&pid=oma:big", "</1/0>,</3/0>,</5/0>");
        var location = (await rig.RegisterAsync($"ep=b&{Query}", "</1/0>")).Location();
        Assert.Equal("4.00", (await rig.AskAsync(Requests.Post(location, "pid=oma:never"))).Code.ToString());
        AssertHas(rig, "b", "/1/0");
        Assert.Equal("2.04", (await rig.AskAsync(Requests.Post(location, "pid=oma:big"))).Code.ToString());
        AssertHas(rig, "b", "/1/0 /3/0 /5/0");
        Assert.Equal("2.04", (await rig.AskAsync(Requests.Post(location, "", "</1/0>"))).Code.ToString());
        AssertHas(rig, "b", "/1/0");
        Assert.Empty(Of(rig, "b").ProfileIds);
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(1000, 20)]
    public async Task Table_is_bounded_and_what_is_not_learned_is_counted(int profiles, long bytes)
    {
        await using var rig = await ServerRig.StartAsync(new ServerSettings { MaxProfiles = profiles, MaxProfileBytes = bytes });
        await rig.RegisterAsync($"ep=a&{Query}&pid=oma:one", "</1/0>");
        await rig.RegisterAsync($"ep=b&{Query}&pid=oma:two", "</3/0>");
        AssertHas(rig, "b", "/3/0");
        Assert.Equal("4.09", (await rig.RegisterAsync($"ep=c&{Query}&pid=oma:two", "")).Code.ToString());
        Assert.Equal((1, 1), (rig.Server.Counters.Profiles, rig.Server.Counters.RefusedProfiles));
    }

    [Fact]
    public async Task Root_link_may_begin_with_rt_and_versions_be_quoted_and_there_be_no_binding()
    {
        await using var rig = await ServerRig.StartAsync();
        await rig.RegisterAsync($"ep=a&{Query}", "</lwm2m>;rt=\"oma.lwm2m\";ct=\"60 110 112 11544\",</lwm2m/1>;ver=\"1.2\",</lwm2m/1/0>,</lwm2m/3/0>;ver=\"1.2\",</lwm2m/5>");
        var registration = Of(rig, "a");
        Assert.Equal(("/lwm2m", "U"), (registration.Links.Root, registration.Binding));
        AssertHas(rig, "a", "/1 /1/0 /3/0 /5");
        Assert.Equal((new ObjectVersion(1, 2), new ObjectVersion(1, 2)), (registration.Links.Versions[1], registration.Links.Versions[3]));
        Assert.Equal(4, registration.Links.Formats.Count);
    }

    private static Registration Of(ServerRig rig, string endpoint) => rig.Server.Find(new DeviceKey(endpoint))!.Registration;

    private static void AssertHas(ServerRig rig, string endpoint, string paths) => Assert.Equal(paths, string.Join(' ', Of(rig, endpoint).Links.Paths));
}
