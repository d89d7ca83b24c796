namespace Starling.Server.Tests;

public sealed class ListTests
{
    [Fact]
    public async Task Pages_follow_one_another_in_the_order_of_endpoints()
    {
        await using var rig = await ServerRig.StartAsync();
        foreach (var i in Enumerable.Range(0, 700).OrderBy(i => i * 7919 % 701))
        {
            await rig.RegisterAsync($"ep=d{i:D4}&lt=60&lwm2m=1.1");
        }
        var names = new List<string>();
        DeviceKey? after = null;
        while (rig.Server.List(after, 37) is { Count: > 0 } page)
        {
            names.AddRange(page.Select(d => d.Key.Endpoint));
            after = page[^1].Key;
        }
        Assert.Equal(Enumerable.Range(0, 700).Select(i => $"d{i:D4}"), names);
        Assert.Equal(700, rig.Server.List(null, 10_000).Count);
        Assert.Empty(rig.Server.List(null, 0));
    }

    [Fact]
    public async Task Filter_fills_the_page_from_what_comes_later()
    {
        await using var rig = await ServerRig.StartAsync();
        for (var i = 0; i < 600; i++)
        {
            await rig.RegisterAsync($"ep=d{i:D4}&lt={60 + (i % 100)}&lwm2m=1.1");
        }
        var found = rig.Server.List(new DeviceKey("d0050"), 3, d => d.Registration.Lifetime == 67);
        Assert.Equal(["d0107", "d0207", "d0307"], found.Select(d => d.Key.Endpoint));
    }
}
