using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>Accounts that come and go while the client runs.</summary>
public sealed class MovingServersTests : IAsyncDisposable
{
    private const string Second = "10.0.0.9:5683", Third = "10.0.0.8:5683";
    private readonly TestBench _bench = new();
    private readonly HandServer _second, _third;

    public MovingServersTests() => (_second, _third) = (new HandServer(_bench.Network, Second), new HandServer(_bench.Network, Third));

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _second.DisposeAsync();
        await _third.DisposeAsync();
    }

    [Fact]
    public async Task Server_that_is_added_is_registered_with_and_the_others_are_told()
    {
        await _bench.RegisterAsync();
        _bench.Client.AddServer(Account(2, Second));
        await _bench.Network.UntilAsync(() => _bench.Client.Registrations is [{ IsRegistered: true }, { IsRegistered: true, ShortServerId: 2 }]);
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Contains("</1/0>,</1/1>", _second.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("POST /rd/r1 </1/0>,</1/1>", _bench.Server.LastLine, StringComparison.Ordinal);
        Assert.Equal("coap://10.0.0.9:5683", _bench[0, 1].Get(0).AsString());
        Assert.Equal(CoapCode.Content, (await _second.AskAsync(new Lwm2mRequest.Read(new(3, 0, 0)))).Code);
    }

    [Fact]
    public async Task Server_that_is_removed_is_told_and_may_ask_no_more()
    {
        await _bench.RegisterAsync();
        _bench.Client.AddServer(Account(2, Second));
        await _bench.Network.UntilAsync(() => _bench.Client.Registrations[1].IsRegistered);
        await _second.ObserveAsync("/3/0/0", ContentFormat.Text);
        Assert.Equal(1, _bench.Client.ObservationCount);
        Assert.True(await _bench.Network.UntilAsync(_bench.Client.RemoveServerAsync(2)));
        Assert.False(await _bench.Network.UntilAsync(_bench.Client.RemoveServerAsync(2)));
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.StartsWith("DELETE /rd/", _second.LastLine, StringComparison.Ordinal);
        Assert.StartsWith("POST /rd/r1 </1/0>,", _bench.Server.LastLine, StringComparison.Ordinal);
        Assert.DoesNotContain("</1/1>", _bench.Server.LastLine, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Client.ObservationCount);
        Assert.Null(_bench.Client.Objects.Find(0, 1));
        Assert.Null(_bench.Client.Objects.Find(1, 1));
        Assert.Single(_bench.Client.Registrations);
        Assert.Equal(CoapCode.Unauthorized, (await _second.AskAsync(new Lwm2mRequest.Read(new(3, 0, 0)))).Code);
    }

    [Fact]
    public async Task Device_moves_to_another_server_and_its_place_is_taken_again()
    {
        await _bench.RegisterAsync();
        Assert.True(await _bench.Network.UntilAsync(_bench.Client.RemoveServerAsync(1)));
        Assert.Equal("DELETE /rd/r1", _bench.Server.LastLine);
        Assert.Empty(_bench.Client.Registrations);
        _bench.Client.AddServer(Account(5, Second));
        await _bench.Network.UntilAsync(() => _bench.Client.Registrations is [{ IsRegistered: true, ShortServerId: 5 }]);
        Assert.Equal(5, _bench[1].Get(0).AsInteger());
        await _bench.StopAsync();
        Assert.StartsWith("DELETE", _second.LastLine, StringComparison.Ordinal);
        Assert.True(_bench.Run.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Accounts_that_cannot_be_are_refused_and_leave_nothing()
    {
        await _bench.RegisterAsync();
        Assert.Throws<ArgumentException>(() => _bench.Client.AddServer(Account(1, Second)));
        Assert.Throws<ArgumentException>(() => _bench.Client.AddServer(Account(0, Second)));
        Assert.Null(_bench.Client.Objects.Find(0, 1));
        await _bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(_second.Requests);
    }

    [Fact]
    public async Task Servers_added_before_the_client_runs_are_registered_with_when_it_does()
    {
        var channel = new MessageLayer(_bench.Network.Host("10.0.0.3:5683"), new CoapSettings(), _bench.Time, chance: 5);
        await using var client = new Lwm2mClient(_bench.Settings with { Servers = [Account(1, TestBench.ServerAddress)] }, [TestObjects.NewDevice()], [channel], _bench.Time);
        client.AddServer(Account(2, Second) with { RegistrationOrder = 2 });
        client.AddServer(Account(3, Third) with { RegistrationOrder = 1, InitialRegistrationDelay = 20 });
        using var stop = new CancellationTokenSource();
        var run = client.RunAsync(stop.Token);
        await _bench.Network.UntilAsync(client.WhenRegisteredAsync(default));
        Assert.True(_bench.Time.Elapsed >= TimeSpan.FromSeconds(20));
        Assert.Single(_second.Requests);
        await stop.CancelAsync();
        await _bench.Network.UntilAsync(run);
    }

    [Fact]
    public async Task Rights_of_a_server_that_goes_are_withdrawn_and_handed_over()
    {
        _bench.Objects.AddRange(Enumerable.Range(0, 4).Select(TestObjects.NewEverything));
        ObjectInstance[] controls =
        [
            Control(0, 9000, 0, owner: 2, (2, 15)),                        // its alone: goes
            Control(1, 9000, 1, owner: 2, (1, 1), (2, 15), (3, 3)),        // the third has more rights than the first
            Control(2, 9000, 2, owner: 1, (1, 15), (2, 3)),                // only its entry goes
            Control(3, 9000, 3, owner: 2, (0, 1)),                         // everybody reads; no one has more than another
            Control(4, 3, 0, owner: 2, (2, 15)),                           // the device itself stays
        ];
        _bench.Objects.AddRange(controls);
        _bench.Start(Account(2, Second), Account(3, Third));
        await _bench.Network.UntilAsync(_bench.Client.WhenRegisteredAsync(default));
        Assert.True(await _bench.Network.UntilAsync(_bench.Client.RemoveServerAsync(2)));
        Assert.Null(_bench.Client.Objects.Find(9000, 0));
        Assert.Null(_bench.Client.Objects.Find(2, 0));
        Assert.Equal("3: 1=1 3=3", Text(1));
        Assert.Equal("1: 1=15", Text(2));
        Assert.Equal("1: 0=1", Text(3));
        Assert.NotNull(_bench.Client.Objects.Find(3, 0));
        Assert.DoesNotContain(_bench.Client.Objects.Instances.Where(i => i.Definition.Id == 2), c => c.Find(2)?.ReadInstances()?.ContainsKey(2) == true || c.Get(3).AsInteger() == 2);
    }

    private string Text(int control) => $"{_bench[2, control].Get(3)}: {string.Join(' ', _bench[2, control][2].ReadInstances()!.Select(e => $"{e.Key}={e.Value}"))}";

    private static ObjectInstance Control(int id, int objectId, int instanceId, int owner, params (int Server, int Rights)[] entries) => new(TestObjects.AccessControl, id)
    {
        [0] = objectId,
        [1] = instanceId,
        [2] = Resource.Multiple(entries.Select(e => KeyValuePair.Create(e.Server, (Lwm2mValue)e.Rights))),
        [3] = owner,
    };

    private static ServerAccount Account(int id, string address) => new() { Uri = new Uri($"coap://{address}"), ShortServerId = id, Lifetime = 300 };
}
