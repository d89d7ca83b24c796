using Starling.Client;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Conformance.Tests;

/// <summary>
/// Whom a device takes for one of its servers, which have different rights (LwM2M Core 1.2 §8): in a session the account that it was made with, and only
/// without security whoever is at the address.
/// </summary>
public sealed class ServerIdentityTests
{
    private static readonly Lwm2mPath _model = new(3, 0, 1), _lifetime = new(1, 0, 1);

    [Theory]
    [InlineData(false, 5683, "2.05")]
    [InlineData(true, 5683, "4.01")]
    [InlineData(true, 5684, null)]
    public async Task Somebody_at_a_servers_address_is_that_server_without_security_alone(bool isSecured, int port, string? answer)
    {
        await using var bench = await Bench.StartAsync(isSecured ? Configurations.C14 : Configurations.C14.Unsecured());
        await bench.Server.DisposeAsync();
        var somebody = bench.Network.Lockstep($"{BenchServer.First}:{port}", $"10.0.0.2:{port}");
        somebody.Send("CON [0x0001] GET /1/0/1");
        if (answer is null)
        {
            await somebody.ExpectNothingAsync(TimeSpan.FromSeconds(1));
        }
        else
        {
            await somebody.ExpectAsync($"ACK [0x0001] {answer} ...");
        }
    }

    [Fact]
    public async Task Account_keeps_its_rights_in_a_new_session()
    {
        await using var bench = await Bench.StartAsync(Configurations.C14);
        await AssertRightsAsync(bench);
        var (first, second) = (bench.Server.Find(Bench.Key)!.Peer, bench.Second!.Find(Bench.Key)!.Peer);
        bench.CloseSessions();
        await bench.Network.UntilAsync(() => bench.Server.Find(Bench.Key) is { Peer: { } a } && a != first && bench.Second.Find(Bench.Key) is { Peer: { } b } && b != second);
        await AssertRightsAsync(bench);
    }

    [Fact]
    public async Task Two_accounts_of_servers_at_one_address_are_told_apart()
    {
        var certified = Configurations.C17.Account with { ShortServerId = 2, RegistrationOrder = 2 };   // the last to register is the one that the server speaks to
        await using var bench = await Bench.StartAsync(Configurations.C14 with { Account = Configurations.C14.Account with { RegistrationOrder = 1 }, Second = certified });
        Assert.All(bench.Client.Client.Registrations, r => Assert.Equal(RegistrationState.Registered, r.State));
        Assert.IsType<PeerIdentity.Certificate>(bench.Server.Find(Bench.Key)!.Identity);
        Assert.Equal((CoapCode.Unauthorized, CoapCode.Content), (await CodeAsync(bench, bench.Server, _lifetime), await CodeAsync(bench, bench.Server, _model)));
    }

    [Fact]
    public async Task Account_that_is_written_anew_makes_a_new_session()
    {
        await using var bench = await Bench.StartAsync(Configurations.C1);
        var security = bench.Client[0];
        var other = BenchKeys.PreSharedKey("elsewhere");
        Assert.Null(await bench.Server.Credentials!.AddAsync([new Credential.PreSharedKey("other", "conformance at elsewhere", other.Key) { Endpoint = ClientBench.Endpoint }], default));
        security.Set(3, Lwm2mValue.Opaque(other.Identity));
        security.Set(5, Lwm2mValue.Opaque(other.Key));
        await bench.Server.RemoveAsync(Bench.Key, default);
        bench.Client.Client.Update();
        await bench.Network.UntilAsync(() => bench.Server.Find(Bench.Key) is not null, TimeSpan.FromSeconds(30));
        Assert.Equal("conformance at elsewhere", Assert.IsType<PeerIdentity.PreSharedKey>(bench.Server.Find(Bench.Key)!.Identity).Identity);
    }

    private static async Task AssertRightsAsync(Bench bench)
    {
        Assert.Equal((CoapCode.Content, CoapCode.Unauthorized), (await CodeAsync(bench, bench.Server, _lifetime), await CodeAsync(bench, bench.Server, _model)));
        Assert.Equal((CoapCode.Unauthorized, CoapCode.Content), (await CodeAsync(bench, bench.Second!, _lifetime), await CodeAsync(bench, bench.Second!, _model)));
    }

    private static async Task<CoapCode> CodeAsync(Bench bench, Lwm2mServer server, Lwm2mPath path) =>
        (await bench.Network.UntilAsync(server.Find(Bench.Key)!.SendAsync(new Lwm2mRequest.Read(path), default).AsTask())).Code;
}
