using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Starling.Coap;
using Starling.Hosting;
using Starling.Lwm2m;
using Starling.Server;
using Starling.Transports;

namespace Starling.Platform.Tests;

/// <summary>Sessions in SQLite: what a restart of the program finds, and what a thief of the database does not.</summary>
public sealed class KeptSessionsTests : IDisposable
{
    private static readonly byte[] _secret = [.. Enumerable.Range(65, 60).Select(i => (byte)i)];
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        _folder.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task Session_comes_back_as_it_was_kept()
    {
        var identity = new PeerIdentity.PreSharedKey("dev-1") { Credential = "c1" };
        await using (var database = SqliteDatabase.Open(_folder.Path))
        {
            using var key = Key();
            var store = new SqliteSessionStore(database, key);
            await store.SaveAsync([Session(7, identity), Session(8, PeerIdentity.None), Session(9, identity)], default);
            await store.SaveAsync([Session(8, identity) with { Reserved = 99 }], default);
            await store.DeleteAsync([9, 10], default);
        }
        await using var again = SqliteDatabase.Open(_folder.Path);
        using var sameKey = Key();
        var kept = await LoadAsync(new SqliteSessionStore(again, sameKey));
        Assert.Equal([7, 8], kept.Select(s => s.Id));
        Assert.Equal([70UL, 99UL], kept.Select(s => s.Reserved));
        Assert.All(kept, s => Assert.Equal((identity, new PeerAddress("udp", "127.0.0.1:4000")), (s.Identity, s.Address)));
        Assert.All(kept, s => Assert.Equal(_secret, s.State));
    }

    [Fact]
    public async Task Keys_do_not_stand_in_the_file()
    {
        await using (var database = SqliteDatabase.Open(_folder.Path))
        {
            using var key = Key();
            await new SqliteSessionStore(database, key).SaveAsync([Session(1, PeerIdentity.None)], default);
        }
        foreach (var file in Directory.EnumerateFiles(_folder.Path))
        {
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(_secret) < 0, file);
        }
    }

    [Fact]
    public async Task Session_under_another_key_is_left_out_and_forgotten()
    {
        await using var database = SqliteDatabase.Open(_folder.Path);
        using (var key = Key())
        {
            await new SqliteSessionStore(database, key).SaveAsync([Session(1, PeerIdentity.None)], default);
        }
        using var other = new DataKey(Path.Combine(_folder.Path, "other"), null);
        _ = other.Seal([1], [2]);   // makes it
        Assert.Empty(await LoadAsync(new SqliteSessionStore(database, other)));
        using var first = Key();
        Assert.Empty(await LoadAsync(new SqliteSessionStore(database, first)));
    }

    [Fact]
    public async Task Device_is_read_after_a_restart_of_the_server_without_a_handshake()
    {
        var port = 0;
        await using var fleet = await RunAsync(port, async (app, database) =>
        {
            var service = app.Services.GetRequiredService<ServerService>();
            port = service.DtlsAddress!.Port;
            var meter = new Credential.PreSharedKey("m", "sealed-1", _secret.AsMemory(0, 16)) { Endpoint = "sealed-1" };
            Assert.Null(await app.Services.GetRequiredService<DeviceCredentials>().AddAsync([meter], _limit.Token));
            var devices = Fleet(service.DtlsAddress);
            var registered = new TaskCompletionSource();
            devices.Changed += (_, status) =>
            {
                if (status.IsRegistered)
                {
                    registered.TrySetResult();
                }
            };
            _ = devices.RunAsync(_limit.Token);
            await registered.Task.WaitAsync(_limit.Token);
            Assert.Equal("Starling", await ReadAsync(app));
            return devices;
        });
        await using var none = await RunAsync(port, async (app, database) =>
        {
            Assert.Equal("Starling", await ReadAsync(app));
            var dtls = app.Services.GetRequiredService<ServerService>().Dtls!;
            Assert.Equal((0, 1), (dtls.Counters.Established, dtls.Counters.Restored));
            return new SimulatedFleet(new FleetSettings { Server = new Uri("coap://127.0.0.1"), Catalog = ObjectCatalog.Standard }, TimeProvider.System);
        });
        await _limit.CancelAsync();
    }

    [Fact]
    public async Task Start_with_a_wrong_key_leaves_the_sessions_to_the_right_one()
    {
        await using (var database = SqliteDatabase.Open(_folder.Path))
        {
            using var key = Key();
            await new SqliteSessionStore(database, key).SaveAsync([Session(1, PeerIdentity.None)], default);
            await new SqliteCredentialStore(database, key).SaveAsync([new Credential.PreSharedKey("m", "dev-1", _secret.AsMemory(0, 16))], default);
        }
        File.Move(Path.Combine(_folder.Path, DataKey.FileName), Path.Combine(_folder.Path, "right"));
        File.WriteAllText(Path.Combine(_folder.Path, DataKey.FileName), new string('0', 64));

        await Assert.ThrowsAsync<StorageException>(() => RunAsync(0, (_, _) => Task.FromException<SimulatedFleet>(new InvalidOperationException("it has started"))));

        File.Move(Path.Combine(_folder.Path, "right"), Path.Combine(_folder.Path, DataKey.FileName), overwrite: true);
        await using var again = SqliteDatabase.Open(_folder.Path);
        using var rightKey = Key();
        Assert.Single(await LoadAsync(new SqliteSessionStore(again, rightKey)));
    }

    private static StoredSession Session(long id, PeerIdentity identity) =>
        new(id, [.. _secret], (ulong)id * 10, new PeerAddress("udp", "127.0.0.1:4000"), identity);

    private static async Task<List<StoredSession>> LoadAsync(SqliteSessionStore store)
    {
        List<StoredSession> all = [];
        await foreach (var session in store.LoadAllAsync(default))
        {
            all.Add(session);
        }
        return all;
    }

    private static SimulatedFleet Fleet(IPEndPoint server) => new(
        new FleetSettings
        {
            Server = DemoDevices.UriOf(server, "coaps"),
            Catalog = ObjectCatalog.Standard,
            Name = "sealed",
            Credentials = name => new OwnCredentials.PreSharedKey(Encoding.UTF8.GetBytes(name), _secret.AsMemory(0, 16)),
        },
        TimeProvider.System);

    private async Task<string> ReadAsync(WebApplication app)
    {
        var device = app.Services.GetRequiredService<Lwm2mServer>().Find(new DeviceKey("sealed-1"))!;
        var answer = await device.SendAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 0)), _limit.Token);
        return answer.Records.Find(new Lwm2mPath(3, 0, 0))!.Value.AsString();
    }

    private DataKey Key() => new(Path.Combine(_folder.Path, DataKey.FileName), null);

    private async Task<SimulatedFleet> RunAsync(int port, Func<WebApplication, SqliteDatabase, Task<SimulatedFleet>> act)
    {
        await using var database = SqliteDatabase.Open(_folder.Path);
        using var key = Key();
        var settings = new PlatformSettings { Coap = Loopback(0), Coaps = Loopback(port), Http = Loopback(0) };
        await using var app = PlatformHost.Create(settings, database, key: key);
        await app.StartAsync();
        var fleet = await act(app, database);
        await app.StopAsync();
        return fleet;
    }

    private static IPEndPoint Loopback(int port) => new(IPAddress.Loopback, port);
}
