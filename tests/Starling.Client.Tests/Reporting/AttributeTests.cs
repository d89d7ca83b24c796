using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

/// <summary>What each attribute does to notifications, from Write-Attributes and from the request.</summary>
public class AttributeTests
{
    private static readonly Lwm2mPath _level = new(3, 0, 9);
    private static readonly Lwm2mPath _truth = new(9000, 0, 3);

    [Theory]
    [InlineData(true, "1 1")]     // true at first: 0, 1, 0, 1
    [InlineData(false, "0 0")]
    public async Task Edge_tells_one_direction(bool rising, string told)
    {
        await using var bench = await RegisteredAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_truth, new() { Edge = rising }));
        await bench.Server.ObserveAsync($"{_truth}", ContentFormat.Text);
        foreach (var value in new[] { false, true, true, false, true })
        {
            bench[9000].Set(3, value);
            await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(told, Values(bench));
    }

    [Fact]
    public async Task Epmin_keeps_looks_apart()
    {
        await using var bench = await RegisteredAsync();
        var reads = 0;
        bench[3][9] = Resource.Read(() => 100 + ++reads);
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { MinimumEvaluationPeriod = 10, GreaterThan = 1000 }));
        await bench.Server.ObserveAsync($"{_level}", ContentFormat.Text);
        Assert.Equal(1, reads);
        for (var second = 0; second < 35; second++)
        {
            bench[3].Changed(9);
            await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(4, reads);   // at 0, 10, 20, 30
    }

    [Fact]
    public async Task Epmax_looks_at_values_that_nobody_says_have_changed()
    {
        await using var bench = await RegisteredAsync();
        var level = 55;
        bench[3][9] = Resource.Read(() => level);
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { MaximumEvaluationPeriod = 10 }));
        await bench.Server.ObserveAsync($"{_level}", ContentFormat.Text);
        var start = bench.Time.Elapsed;
        await bench.Network.RunAsync(TimeSpan.FromSeconds(25));
        Assert.Empty(bench.Server.Notifications);
        level = 54;
        await bench.Network.RunAsync(TimeSpan.FromSeconds(20));
        var told = Assert.Single(bench.Server.Notifications);
        Assert.Equal(("54", 30), (told.Value, Math.Round((told.At - start).TotalSeconds)));
    }

    [Theory]
    [InlineData(null, false, "NON")]
    [InlineData(null, true, "CON")]
    [InlineData(true, false, "CON")]
    [InlineData(false, true, "NON")]    // leaves the choice to the client
    public async Task Con_decides_before_the_account(bool? con, bool account, string kind)
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { ConfirmableNotifications = account };
        await bench.RegisterAsync();
        if (con is not null)
        {
            await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(new(3), new() { Confirmable = con }));
        }
        await bench.Server.ObserveAsync($"{_level}", ContentFormat.Text);
        bench[3].Set(9, 1);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Contains(bench.Network.Frames, f => f.From == TestBench.DeviceAddress && f.Text.StartsWith(kind, StringComparison.Ordinal) && f.Text.Contains("2.05", StringComparison.Ordinal));
        Assert.Single(bench.Server.Notifications);
    }

    [Fact]
    public async Task Observed_resource_is_judged_by_each_instance_and_not_by_what_is_attached_to_them()
    {
        await using var bench = await RegisteredAsync();
        var numbers = new Lwm2mPath(9000, 0, 9);
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(numbers, new() { GreaterThan = 25 }));
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(numbers.Append(0), new() { MaximumPeriod = 1 }));
        await bench.Server.ObserveAsync($"{numbers}", ContentFormat.SenmlJson);
        var resource = (MultipleResource)bench[9000][9];
        resource.Set(0, 24);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(bench.Server.Notifications);
        resource.Set(1, 26);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Single(bench.Server.Notifications);
    }

    [Fact]
    public async Task Observed_instance_of_a_resource_has_its_own_conditions_before_those_above()
    {
        await using var bench = await RegisteredAsync();
        var numbers = new Lwm2mPath(9000, 0, 9);
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(numbers, new() { MaximumPeriod = 5, MinimumPeriod = 2 }));
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(numbers.Append(0), new() { MaximumPeriod = 20 }));
        await bench.Server.ObserveAsync($"{numbers}/0", ContentFormat.Text);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(19));
        Assert.Empty(bench.Server.Notifications);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal("10", Values(bench));
    }

    // OMA test case 261.
    [Fact]
    public async Task Discover_tells_what_is_attached_and_inherited()
    {
        await using var bench = await RegisteredAsync();
        var errors = new Lwm2mPath(3, 0, 11);
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(new(3, 0), new() { MinimumPeriod = 10, MaximumPeriod = 200 }));
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(errors, new() { MaximumPeriod = 320 }));
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(errors.Append(0), new() { MaximumPeriod = 100, MinimumEvaluationPeriod = 1, MaximumEvaluationPeriod = 20 }));
        Assert.Equal("</3/0/11>;dim=1;pmin=10;pmax=320,</3/0/11/0>;pmax=100;epmin=1;epmax=20", await DiscoverAsync(bench, errors));
        Assert.Equal("</3/0>;pmin=10;pmax=200", await DiscoverAsync(bench, new(3, 0), depth: 0));
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(errors, new() { Unset = AttributeNames.MaximumPeriod }));
        Assert.Equal("</3/0/11>;dim=1;pmin=10;pmax=200", await DiscoverAsync(bench, errors, depth: 0));
    }

    // OMA test cases 312 and 313.
    [Fact]
    public async Task Attributes_of_the_request_hold_for_that_observation_alone()
    {
        await using var bench = await RegisteredAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { MaximumPeriod = 60, Step = 50 }));
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.Text, new() { MinimumPeriod = 5, MaximumPeriod = 10 }));
        var start = bench.Time.Elapsed;
        bench[3].Set(9, 54);   // the step that is attached does not count
        await bench.Network.RunAsync(TimeSpan.FromSeconds(16));
        Assert.Equal([(5, "54"), (15, "54")], bench.Server.Notifications.Select(n => ((int)Math.Round((n.At - start).TotalSeconds), n.Value)));
        Assert.Equal("</3/0/9>;pmax=60;st=50", await DiscoverAsync(bench, _level));
        bench.Server.Notifications.Clear();
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.Text));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(9));
        Assert.Empty(bench.Server.Notifications.Skip(1));
    }

    [Fact]
    public async Task Periods_of_the_account_count_where_the_request_is_silent()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { DefaultMaximumPeriod = 20 };
        await bench.RegisterAsync();
        await bench.Server.ObserveAsync(new Lwm2mRequest.Observe(_level, ContentFormat.Text, new() { MinimumPeriod = 5 }));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(21));
        Assert.Single(bench.Server.Notifications);
    }

    [Theory]
    [InlineData("/3/0/9", "pmin=ten")]
    [InlineData("/3/0/9", "pmin")]
    [InlineData("/3/0/9", "lt=9&gt=1")]
    [InlineData("/3/0/9", "epmin=9&epmax=1")]
    [InlineData("/3/0/9", "edge=1")]
    [InlineData("/3/0/9", "ver=1.0")]
    [InlineData("/3/0/0", "gt=1")]
    [InlineData("/3/0", "st=1")]
    public async Task Bad_attributes_in_the_request_observe_nothing(string path, string query)
    {
        await using var bench = await RegisteredAsync();
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Observe, 0);
        options.AddPath(OptionNumber.UriPath, path);
        foreach (var pair in query.Split('&'))
        {
            options.Add(OptionNumber.UriQuery, pair);
        }
        var answer = await bench.Server.AskAsync(new CoapMessage { Code = CoapCode.Get, Options = options.Build() });
        Assert.Equal((CoapCode.BadRequest, 0), (answer.Code, bench.Client.ObservationCount));
    }

    [Theory]
    [InlineData("/3/0/9", "gt=5&pmin=abc", "4.00")]      // as a unit: nothing of it is stored
    [InlineData("/3/0/9", "lt=10&gt=5&pmax=9", "4.00")]
    [InlineData("/3/0/9", "pmax=9&edge=0", "4.00")]
    [InlineData("/3/0", "pmax=9&gt=5", "4.00")]
    [InlineData("/3/0/9", "dim=2", "4.00")]
    [InlineData("/3/0/9/0", "pmin=1", "4.05")]           // a single one has no instances
    [InlineData("/1/0/4", "pmin=1", "4.05")]
    [InlineData("/0/0", "pmin=1", "4.01")]
    [InlineData("/7", "pmin=1", "4.04")]
    [InlineData("/3/0/9", "pmin=20&pmax=9&con=0&hqmax=4", "2.04")]
    public async Task Write_attributes_is_done_as_a_whole(string path, string query, string code)
    {
        await using var bench = await RegisteredAsync();
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, path);
        foreach (var pair in query.Split('&'))
        {
            options.Add(OptionNumber.UriQuery, pair);
        }
        Assert.Equal(code, (await bench.Server.AskAsync(new CoapMessage { Code = CoapCode.Put, Options = options.Build() })).Code.ToString());
        Assert.Equal(code == "2.04" ? "</3/0/9>;pmin=20;pmax=9;con=0;hqmax=4" : "</3/0/9>", await DiscoverAsync(bench, _level));
    }

    private static async Task<TestBench> RegisteredAsync()
    {
        var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        return await bench.RegisterAsync();
    }

    private static async Task<string> DiscoverAsync(TestBench bench, Lwm2mPath path, int? depth = null) =>
        LinkFormat.Write((await bench.Server.AskAsync(new Lwm2mRequest.Discover(path, depth))).Links);

    private static string Values(TestBench bench) => string.Join(' ', bench.Server.Notifications.Select(n => n.Value));
}
