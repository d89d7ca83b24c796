using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class AccessControlTests
{
    private static readonly Lwm2mPath _object = new(9000);
    private static readonly Lwm2mPath _instance = new(9000, 0);

    [Theory]
    [InlineData(1, "read observe attributes")]
    [InlineData(2, "write replace deletePart")]
    [InlineData(4, "execute")]
    [InlineData(8, "delete")]
    [InlineData(16, "")]
    [InlineData(0, "")]
    [InlineData(15, "read observe attributes write replace deletePart execute delete")]
    public async Task Each_operation_needs_its_right(int bits, string allowed)
    {
        await using var two = await TwoServers.RegisterAsync(Control(0, 9000, 0, owner: 1, (2, bits)));
        foreach (var (name, request) in Operations())
        {
            if (name == "delete" && bits == 15)
            {
                continue;   // the others would find nothing
            }
            var code = (await two.Second.AskAsync(request)).Code;
            Assert.Equal((name, allowed.Split(' ').Contains(name)), (name, code != CoapCode.Unauthorized));
            Assert.Equal((name, allowed.Split(' ').Contains(name)), (name, code.IsSuccess));
        }
        // What sees no values needs no right.
        Assert.Equal(bits == 8 ? CoapCode.NotFound : CoapCode.Content, (await two.Second.AskAsync(new Lwm2mRequest.Discover(_instance))).Code);
        Assert.Equal(CoapCode.Changed, (await two.Second.AskAsync(new Lwm2mRequest.WriteAttributes(_object, new() { MinimumPeriod = 1 }))).Code);
    }

    [Theory]
    [InlineData(1, 1, "", true)]            // the owner, without an entry
    [InlineData(1, 1, "1:2", false)]        // ... with one of its own, which counts
    [InlineData(1, 1, "0:2", true)]         // ... the entry for everyone is not for the owner
    [InlineData(2, 1, "0:1", true)]         // another server, by the entry for everyone
    [InlineData(2, 1, "0:1 2:2", false)]    // ... unless it has its own
    [InlineData(2, 1, "1:15", false)]       // ... others' entries are not its own
    [InlineData(2, 1, "", false)]
    [InlineData(2, 65535, "2:1", true)]     // nobody owns it but bootstrap
    [InlineData(2, 65535, "", false)]
    public async Task Right_is_found_in_order(int server, int owner, string entries, bool mayRead)
    {
        var acl = entries.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(e => (int.Parse(e.Split(':')[0]), int.Parse(e.Split(':')[1]))).ToArray();
        await using var two = await TwoServers.RegisterAsync(Control(0, 9000, 0, owner, acl));
        var code = (await two[server].AskAsync(new Lwm2mRequest.Read(_instance))).Code;
        Assert.Equal(mayRead ? CoapCode.Content : CoapCode.Unauthorized, code);
    }

    [Fact]
    public async Task One_account_has_all_rights_and_no_access_control()
    {
        await using var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        bench.Settings = bench.Settings with { UnclaimedRights = AccessRights.None };
        await bench.RegisterAsync();
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Execute(_instance.Append(12)))).Code);
        Assert.DoesNotContain(bench.Client.Objects.Instances, i => i.Definition.Id == 2);
    }

    [Fact]
    public async Task Right_comes_before_what_the_resource_lets_be_done()
    {
        await using var two = await TwoServers.RegisterAsync(Control(0, 9000, 0, 1));
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(new Lwm2mRequest.Read(_instance.Append(12)))).Code);
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(new Lwm2mRequest.Execute(_instance.Append(0)))).Code);
        Assert.Equal(CoapCode.MethodNotAllowed, (await two.First.AskAsync(new Lwm2mRequest.Read(_instance.Append(12)))).Code);
        Assert.Equal(CoapCode.MethodNotAllowed, (await two.First.AskAsync(new Lwm2mRequest.Execute(_instance.Append(0)))).Code);
        Assert.Equal(CoapCode.NotFound, (await two.Second.AskAsync(new Lwm2mRequest.Read(new(9000, 7)))).Code);
    }

    [Fact]
    public async Task Object_shows_the_instances_that_may_be_read()
    {
        await using var two = await TwoServers.RegisterAsync(Control(0, 9000, 0, 1, (2, 1)), Control(1, 9000, 1, 1));
        var answer = await two.Second.AskAsync(new Lwm2mRequest.Read(_object));
        Assert.All(answer.Records, r => Assert.True(r.Path.StartsWith(_instance)));
        Assert.Contains((await two.First.AskAsync(new Lwm2mRequest.Read(_object))).Records, r => r.Path.InstanceId == 1);
        two.Bench[2, 0].Find(2)!.WriteInstances(null);
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(new Lwm2mRequest.Read(_object))).Code);
    }

    [Fact]
    public async Task Composites_read_what_may_be_read_and_write_only_all()
    {
        await using var two = await TwoServers.RegisterAsync(Control(0, 9000, 0, 1, (2, 3)), Control(1, 9000, 1, 1, (2, 1)));
        Lwm2mPath[] paths = [new(9000, 0, 0), new(9000, 1, 0), new(3, 0, 9)];
        Assert.Equal(paths[..2], (await two.Second.AskAsync(new Lwm2mRequest.ReadComposite(paths))).Records.Select(r => r.Path));
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(new Lwm2mRequest.ReadComposite(paths[2..]))).Code);
        Assert.All((await two.Second.AskAsync(new Lwm2mRequest.ReadComposite([Lwm2mPath.Root]))).Records, r => Assert.Contains(r.Path.ObjectId, new[] { 1, 2, 9000 }));
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(new Lwm2mRequest.WriteComposite([new(paths[0], 1), new(paths[1], 1)]))).Code);
        Assert.Equal(((Lwm2mValue)7, CoapCode.Changed), (two.Bench[9000].Get(0), (await two.Second.AskAsync(new Lwm2mRequest.WriteComposite([new(paths[0], 1)]))).Code));
        await two.Second.ObserveAsync(new Lwm2mRequest.ObserveComposite(paths, ContentFormat.SenmlJson));
        two.Bench[2, 1].Find(2)!.WriteInstances(null);
        two.Bench[9000].Set(0, 2);
        two.Bench[3].Set(9, 2);
        await two.Bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("""[{"bn":"/","n":"9000/0/0","v":2}]""", Assert.Single(two.Second.Notifications).Value);
    }

    [Fact]
    public async Task Send_leaves_out_what_the_server_may_not_read()
    {
        await using var two = await TwoServers.RegisterAsync(Control(0, 9000, 0, 1));
        two.Bench[1, 1].Set(23, false);
        two.Bench[1, 0].Set(23, false);
        two.Second.Answer = two.First.Answer = _ => CoapMessage.Response(CoapCode.Changed);
        var results = await two.Bench.Network.UntilAsync(two.Bench.Client.SendAsync([new Lwm2mPath(9000, 0, 0)], default));
        Assert.Equal([SendOutcome.Delivered, SendOutcome.Nothing], results.Select(r => r.Outcome));
        Assert.Equal([new Lwm2mPath(9000, 0, 0)], results[1].LeftOut);
    }

    [Fact]
    public async Task Creator_owns_what_it_has_created_until_it_is_deleted()
    {
        await using var two = await TwoServers.RegisterAsync(Control(0, 9000, 65535, 65535, (2, 16)));
        two.Bench.Client.Objects.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        var create = new Lwm2mRequest.Create(_object, 5, []);
        Assert.Equal(CoapCode.Unauthorized, (await two.First.AskAsync(create)).Code);
        Assert.Equal(CoapCode.Created, (await two.Second.AskAsync(create)).Code);
        var control = two.Bench.Client.Objects.Instances.Single(i => i.Definition.Id == 2 && i.Get(1) == 5);
        Assert.Equal((Lwm2mValue)2, control.Get(3));
        Assert.Equal(CoapCode.Unauthorized, (await two.First.AskAsync(new Lwm2mRequest.Read(new(9000, 5)))).Code);
        Assert.Equal(CoapCode.Content, (await two.Second.AskAsync(new Lwm2mRequest.Read(new(9000, 5)))).Code);
        Assert.Equal(CoapCode.Deleted, (await two.Second.AskAsync(new Lwm2mRequest.Delete(new(9000, 5)))).Code);
        Assert.Null(two.Bench.Client.Objects.Find(2, control.Id));
        await two.Bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("/9000/5", two.Second.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Object_that_nobody_may_create_in_is_4_01()
    {
        await using var two = await TwoServers.RegisterAsync(Control(0, 9000, 0, 1, (2, 31)));
        two.Bench.Client.Objects.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(new Lwm2mRequest.Create(_object, 5, []))).Code);
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(new Lwm2mRequest.Create(new(2), 9, []))).Code);
    }

    [Fact]
    public async Task Owner_alone_changes_what_others_may()
    {
        await using var two = await TwoServers.RegisterAsync(Control(4, 9000, 0, owner: 1));
        var (acl, mine) = (new Lwm2mPath(2, 4, 2), new Lwm2mRequest.Read(_instance.Append(0)));
        var grant = new Lwm2mRequest.Write(acl, [new(acl.Append(2), 1)], Replace: false);
        Assert.Equal(CoapCode.Content, (await two.Second.AskAsync(new Lwm2mRequest.Read(new(2, 4)))).Code);
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(grant)).Code);
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(mine)).Code);
        Assert.Equal(CoapCode.Changed, (await two.First.AskAsync(grant)).Code);
        Assert.Equal(CoapCode.Content, (await two.Second.AskAsync(mine)).Code);
        Assert.Equal(CoapCode.Changed, (await two.First.AskAsync(new Lwm2mRequest.Write(acl.Parent.Append(3), [new(acl.Parent.Append(3), 2)]))).Code);
        Assert.Equal(CoapCode.Unauthorized, (await two.First.AskAsync(grant)).Code);
        Assert.Equal(CoapCode.Changed, (await two.Second.AskAsync(grant)).Code);
    }

    [Fact]
    public async Task Observer_without_the_right_hears_nothing_until_it_has_it()
    {
        await using var two = await TwoServers.RegisterAsync(Control(4, 9000, 0, owner: 1, (2, 1)));
        await two.Second.ObserveAsync("/9000/0/0", ContentFormat.Text);
        var acl = new Lwm2mPath(2, 4, 2);
        await two.First.AskAsync(new Lwm2mRequest.Write(acl, [new(acl.Append(2), 0)]));
        two.Bench[9000].Set(0, 8);
        await two.Bench.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(two.Second.Notifications);
        await two.First.AskAsync(new Lwm2mRequest.Write(acl, [new(acl.Append(2), 1)]));
        await two.Bench.Network.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("8", Assert.Single(two.Second.Notifications).Value);
    }

    [Fact]
    public async Task Pmax_without_the_right_is_silent_too()
    {
        await using var two = await TwoServers.RegisterAsync(Control(4, 9000, 0, owner: 1, (2, 1)));
        await two.Second.AskAsync(new Lwm2mRequest.WriteAttributes(_object, new() { MaximumPeriod = 5 }));
        await two.Second.ObserveAsync("/9000/0/0", ContentFormat.Text);
        two.Bench[2, 4].Find(2)!.WriteInstances(null);
        await two.Bench.Network.RunAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(two.Second.Notifications);
        Assert.Equal(1, two.Bench.Client.ObservationCount);
    }

    [Fact]
    public async Task What_nobody_speaks_of_is_open_to_all_and_each_account_is_its_own()
    {
        await using var two = await TwoServers.RegisterAsync(AccessRights.All, TestObjects.NewEverything(3));
        two.Bench.Client.Objects.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        Assert.Equal(CoapCode.Content, (await two.Second.AskAsync(new Lwm2mRequest.Read(new(9000, 3)))).Code);
        Assert.Equal(CoapCode.Content, (await two.Second.AskAsync(new Lwm2mRequest.Read(new(3, 0)))).Code);
        Assert.Equal(CoapCode.Created, (await two.Second.AskAsync(new Lwm2mRequest.Create(_object, 8, []))).Code);
        Assert.Equal(CoapCode.Unauthorized, (await two.Second.AskAsync(new Lwm2mRequest.Read(new(1, 0)))).Code);
        Assert.Equal(CoapCode.Content, (await two.Second.AskAsync(new Lwm2mRequest.Read(new(1, 1)))).Code);
        two.Bench.Client.Objects.Add(TestObjects.NewEverything(9));
        Assert.Equal(CoapCode.Content, (await two.Second.AskAsync(new Lwm2mRequest.Read(new(9000, 9)))).Code);
    }

    [Fact]
    public async Task Attributes_of_one_server_are_not_those_of_another()
    {
        await using var two = await TwoServers.RegisterAsync(AccessRights.All);
        await two.First.AskAsync(new Lwm2mRequest.WriteAttributes(new(3), new() { MinimumPeriod = 4 }));
        Assert.Equal("pmin", Assert.Single((await two.First.AskAsync(new Lwm2mRequest.Discover(new(3)))).Links[0].Attributes).Key);
        Assert.Empty((await two.Second.AskAsync(new Lwm2mRequest.Discover(new(3)))).Links[0].Attributes);
    }

    private static IEnumerable<(string Name, Lwm2mRequest Request)> Operations()
    {
        var number = _instance.Append(0);
        yield return ("read", new Lwm2mRequest.Read(_instance));
        yield return ("observe", new Lwm2mRequest.Observe(number));
        yield return ("attributes", new Lwm2mRequest.WriteAttributes(number, new() { MinimumPeriod = 1 }));
        yield return ("write", new Lwm2mRequest.Write(number, [new(number, 5)]));
        yield return ("replace", new Lwm2mRequest.Write(_instance, [new(number, 6)], Replace: false));
        yield return ("deletePart", new Lwm2mRequest.Delete(_instance.Append(8).Append(1)));
        yield return ("execute", new Lwm2mRequest.Execute(_instance.Append(12)));
        yield return ("delete", new Lwm2mRequest.Delete(_instance));
    }

    private static ObjectInstance Control(int id, int objectId, int instanceId, int owner, params (int Server, int Rights)[] entries) =>
        new(TestObjects.AccessControl, id)
        {
            [0] = objectId,
            [1] = instanceId,
            [2] = Resource.Multiple(entries.Select(e => KeyValuePair.Create(e.Server, (Lwm2mValue)e.Rights))),
            [3] = owner,
        };

    /// <summary>A client with two accounts, and both servers.</summary>
    private sealed class TwoServers(TestBench bench, HandServer second) : IAsyncDisposable
    {
        public TestBench Bench { get; } = bench;
        public HandServer First => Bench.Server;
        public HandServer Second { get; } = second;
        public HandServer this[int server] => server == 1 ? First : Second;

        public static Task<TwoServers> RegisterAsync(params ObjectInstance[] controls) => RegisterAsync(AccessRights.None, controls);

        public static async Task<TwoServers> RegisterAsync(AccessRights unclaimed, params ObjectInstance[] more)
        {
            var bench = new TestBench();
            bench.Settings = bench.Settings with { UnclaimedRights = unclaimed };
            bench.Objects.AddRange([TestObjects.NewEverything(0), TestObjects.NewEverything(1), .. more]);
            var two = new TwoServers(bench, new HandServer(bench.Network, "10.0.0.9:5683"));
            bench.Start(new ServerAccount { Uri = new Uri("coap://10.0.0.9"), ShortServerId = 2 });
            await bench.Network.UntilAsync(bench.Client.WhenRegisteredAsync(default));
            if (more.All(m => m.Definition.Id == 2))
            {
                bench.Client.Objects.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
            }
            return two;
        }

        public async ValueTask DisposeAsync()
        {
            await Bench.DisposeAsync();
            await Second.DisposeAsync();
        }
    }
}
