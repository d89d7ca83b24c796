using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class CompositeTests
{
    private static readonly Lwm2mPath _level = new(3, 0, 9);

    [Theory]
    [InlineData("/3/0/9", "/3/0/9=55")]
    [InlineData("/3/0/9 /3/0/0", "/3/0/9=55 /3/0/0=Acme")]
    [InlineData("/3/0/9 /3/0", "/3/0/9=55 /3/0/0=Acme /3/0/11/0=0 /3/0/14=+01:00 /3/0/16=U")]   // each value once
    [InlineData("/3/0/9 /4/0/1 /3/0/99 /3/0/4 /3/1", "/3/0/9=55")]                             // absent, executable: left out
    [InlineData("/4 /9000/3", "")]
    [InlineData("/9000/0/8/1 /9000/0/8/7 /9000/0/9", "/9000/0/8/1=Green /9000/0/9/0=10 /9000/0/9/1=20")]
    public async Task Read_tells_what_there_is(string paths, string told)
    {
        await using var bench = await RegisteredAsync();
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.ReadComposite(Paths(paths)));
        Assert.Equal((CoapCode.Content, told), (answer.Code, string.Join(' ', answer.Records.Select(r => $"{r.Path}={r.Value}"))));
    }

    [Fact]
    public async Task Read_of_everything_leaves_the_secrets_out()
    {
        await using var bench = await RegisteredAsync();
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.ReadComposite([Lwm2mPath.Root]));
        Assert.Equal([1, 3, 9000], answer.Records.Select(r => r.Path.ObjectId).Distinct().Order());
        Assert.Equal(CoapCode.Unauthorized, (await bench.Server.AskAsync(new Lwm2mRequest.ReadComposite([_level, new(0, 0, 0)]))).Code);
    }

    [Fact]
    public async Task List_that_is_too_long_is_refused()
    {
        await using var bench = new TestBench();
        bench.Settings = bench.Settings with { CompositePaths = 3 };
        await bench.RegisterAsync();
        Lwm2mPath[] paths = [_level, new(3, 0, 0), new(3, 0, 14), new(3, 0, 16)];
        Assert.Equal(CoapCode.BadRequest, (await bench.Server.AskAsync(new Lwm2mRequest.ReadComposite(paths))).Code);
        Assert.Equal(CoapCode.Content, (await bench.Server.AskAsync(new Lwm2mRequest.ReadComposite(paths[1..]))).Code);
    }

    [Fact]
    public async Task Write_writes_all_and_deletes_what_is_null()
    {
        await using var bench = await RegisteredAsync();
        var colours = new Lwm2mPath(9000, 0, 8);
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.WriteComposite(
            [new(new(1, 0, 1), 120), new(colours.Append(0), Lwm2mValue.Null), new(colours.Append(7), "Blue"), new(new(9000, 0, 0), 1)]));
        Assert.Equal(CoapCode.Changed, answer.Code);
        Assert.Equal((Lwm2mValue)120, bench[1].Get(1));
        Assert.Equal("1=Green 7=Blue", string.Join(' ', ((MultipleResource)bench[9000][8]).Current!.Select(e => $"{e.Key}={e.Value}")));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /rd/r1?lt=120", bench.Server.LastLine);
    }

    [Theory]
    [InlineData("/9000/0/2", "4.00")]       // not of its type
    [InlineData("/9000/0/10", "4.05")]      // not writable
    [InlineData("/9000/0/1/0", "4.05")]     // a single one has no instances
    [InlineData("/9000/0/12", "4.05")]      // executable
    [InlineData("/9000/0/99", "4.04")]
    [InlineData("/9000/5/1", "4.04")]       // no instance is created
    [InlineData("/4/0/0", "4.04")]
    [InlineData("/0/0/0", "4.01")]
    public async Task Write_that_fails_in_part_changes_nothing(string bad, string code)
    {
        await using var bench = await RegisteredAsync();
        var good = new Lwm2mPath(9000, 0, 0);
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.WriteComposite([new(good, 1), new(Lwm2mPath.Parse(bad), "text")]));
        Assert.Equal((code, (Lwm2mValue)7), (answer.Code.ToString(), bench[9000].Get(0)));
    }

    [Theory]
    [InlineData("/9000/0/8/5", "4.04")]
    [InlineData("/9000/0/1", "4.00")]
    [InlineData("/9000/0/8", "4.00")]
    [InlineData("/9000/0/9/0 /9000/0/9/1", "4.05")]   // the last ones of a mandatory resource
    [InlineData("/9000/0/9/0", "2.04")]
    public async Task Null_takes_away_only_what_can_go(string paths, string code)
    {
        await using var bench = await RegisteredAsync();
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.WriteComposite([.. Paths(paths).Select(p => new Lwm2mRecord(p, Lwm2mValue.Null))]));
        Assert.Equal(code, answer.Code.ToString());
    }

    [Fact]
    public async Task Application_that_refuses_one_value_undoes_the_others()
    {
        await using var bench = new TestBench();
        var strict = TestObjects.NewEverything();
        strict[1] = Resource.ReadWrite(() => "old", _ => throw new Lwm2mException(CoapCode.InternalServerError, "no"));
        bench.Objects.Add(strict);
        await bench.RegisterAsync();
        var path = new Lwm2mPath(9000, 0);
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.WriteComposite([new(path.Append(0), 1), new(path.Append(1), "new")]));
        Assert.Equal((CoapCode.InternalServerError, (Lwm2mValue)7), (answer.Code, bench[9000].Get(0)));
    }

    [Fact]
    public async Task Any_path_triggers_and_all_are_told()
    {
        await using var bench = await RegisteredAsync();
        var (_, answer) = await bench.Server.ObserveAsync(Observe("/3/0/9 /9000/0/0"));
        Assert.Equal((CoapCode.Content, "/3/0/9=55 /9000/0/0=7"), (answer.Code, Told(answer)));
        Assert.NotNull(answer.Options.Observe);
        bench[3].Set(9, 54);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        bench[9000].Set(0, 8);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        bench[3].Set(0, "Other");
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["/3/0/9=54 /9000/0/0=7", "/3/0/9=54 /9000/0/0=8"], Notified(bench));
    }

    // OMA test cases 308 and 309.
    [Fact]
    public async Task Instances_appear_and_disappear()
    {
        await using var bench = await RegisteredAsync();
        await bench.Server.ObserveAsync(Observe("/3/0/9 /9000/1/0 /9000/2/0"));
        bench.Client.Objects.Add(TestObjects.NewEverything(1));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        bench.Client.Objects.Remove(bench[9000, 1]);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["/3/0/9=55 /9000/1/0=7", "/3/0/9=55"], Notified(bench));
        Assert.Equal(1, bench.Client.ObservationCount);
    }

    [Fact]
    public async Task Each_path_has_the_conditions_that_are_attached_to_it()
    {
        await using var bench = await RegisteredAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { GreaterThan = 80 }));
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(new(9000, 0, 0), new() { MinimumPeriod = 30, MaximumPeriod = 45 }));
        await bench.Server.ObserveAsync(Observe("/3/0/9 /9000/0/0"));
        var start = bench.Time.Elapsed;
        bench[3].Set(9, 70);
        bench[9000].Set(0, 8);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(29));
        Assert.Empty(Notified(bench));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["/3/0/9=70 /9000/0/0=8"], Notified(bench));
        bench[3].Set(9, 81);   // another path's pmin does not hold it
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(2, bench.Server.Notifications.Count);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(45));
        Assert.Equal(3, bench.Server.Notifications.Count);
        Assert.InRange((bench.Server.Notifications.Last().At - start).TotalSeconds, 74, 78);
    }

    [Fact]
    public async Task Periods_of_the_request_count_in_the_stead_of_those_attached_and_conditions_stay()
    {
        await using var bench = await RegisteredAsync();
        await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(_level, new() { MinimumPeriod = 40, MaximumPeriod = 60, Step = 5 }));
        await bench.Server.ObserveAsync(Observe("/3/0/9 /9000/0/0", new() { MaximumPeriod = 10 }));
        bench[3].Set(9, 52);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(Notified(bench));
        bench[3].Set(9, 50);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Single(Notified(bench));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(21));
        Assert.Equal(3, bench.Server.Notifications.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_ends_it_both_ways(bool byReset)
    {
        await using var bench = await RegisteredAsync();
        var observe = Observe("/3/0/9 /9000/0/0");
        var (token, _) = await bench.Server.ObserveAsync(observe);
        if (byReset)
        {
            bench.Server.Forget(token);
            bench[3].Set(9, 1);
            await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        }
        else
        {
            var scope = new OperationScope(new CatalogView(TestObjects.Catalog), Lwm2mVersion.V12);
            var cancel = OperationCodec.Encode(new Lwm2mRequest.CancelObserveComposite(observe.Paths, observe.Accept, observe.Format), scope);
            var answer = await bench.Server.AskAsync(new CoapMessage { Code = cancel.Code, Token = token, Options = cancel.Options, Payload = cancel.Payload });
            Assert.Equal((CoapCode.Content, "/3/0/9=55 /9000/0/0=7"), (answer.Code, Told(answer)));
            Assert.Null(answer.Options.Observe);
        }
        Assert.Equal(0, bench.Client.ObservationCount);
        bench.Server.Notifications.Clear();
        bench[3].Set(9, 2);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(Notified(bench));
    }

    [Fact]
    public async Task Large_composite_comes_by_blocks()
    {
        await using var bench = await RegisteredAsync();
        bench[9000].Set(1, new string('x', 3000));
        var (_, answer) = await bench.Server.ObserveAsync(Observe("/3/0/9 /9000/0/1"));
        Assert.Contains(new string('x', 3000), Told(answer), StringComparison.Ordinal);
        bench[9000].Set(1, new string('y', 3000));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Contains(new string('y', 3000), Assert.Single(Notified(bench)), StringComparison.Ordinal);
    }

    private static async Task<TestBench> RegisteredAsync()
    {
        var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        return await bench.RegisterAsync();
    }

    private static Lwm2mRequest.ObserveComposite Observe(string paths, NotificationAttributes? attributes = null) =>
        new(Paths(paths), ContentFormat.SenmlJson, Attributes: attributes);

    private static Lwm2mPath[] Paths(string paths) => [.. paths.Split(' ').Select(p => Lwm2mPath.Parse(p))];

    private static List<string> Notified(TestBench bench) => [.. bench.Server.Notifications.Select(n => Told(Encoding.UTF8.GetBytes(n.Value)))];

    private static string Told(CoapMessage message) => Told(message.Payload);

    private static string Told(ReadOnlyMemory<byte> json)
    {
        var records = new RecordSet();
        var error = ContentCodecs.Find(ContentFormat.SenmlJson)!.Decode(new CodecScope(Lwm2mPath.Root, new CatalogView(TestObjects.Catalog)), json.Span, records);
        Assert.True(error.IsNone, $"{error}");
        return string.Join(' ', records.Select(r => $"{r.Path}={r.Value}"));
    }
}
