using Starling.Client;
using Starling.Lwm2m;

namespace Starling.Conformance.Tests;

/// <summary>How the client is set up before a case: what the test specification calls its configuration.</summary>
/// <param name="Name">C.1 to C.26.</param>
/// <param name="Objects">Makes the device's objects besides Security and Server; anew at each start.</param>
internal sealed record Configuration(string Name, Func<ClientBench, IEnumerable<ObjectInstance>> Objects)
{
    /// <summary>The account: with a pre-shared key unless the specification says otherwise.</summary>
    public ServerAccount Account { get; init; } = AccountAt(BenchServer.First);

    /// <summary>The account of a second server; null for none.</summary>
    public ServerAccount? Second { get; init; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ServerAccount> Accounts => Second is null ? [Account] : [Account, Second];

    /// <summary>Whether its accounts are secured: all are, or none.</summary>
    public bool IsSecured => Account.Credentials is not null;

    /// <summary>The same with NoSec.</summary>
    public Configuration Unsecured() => this with { Name = Name + " without security", Account = Unsecured(Account), Second = Second is null ? null : Unsecured(Second) };

    /// <summary>Whether the client sleeps.</summary>
    public bool QueueMode { get; init; }

    /// <summary>The version that the client speaks.</summary>
    public Lwm2mVersion Version { get; init; } = Lwm2mVersion.V12;

    /// <summary>What servers may create, and the like.</summary>
    public Action<ClientBench> Open { get; init; } = _ => { };

    /// <summary>An account with a pre-shared key, of the server at an address.</summary>
    public static ServerAccount AccountAt(string server) => new() { Uri = new Uri($"coaps://{server}"), Credentials = BenchKeys.PreSharedKey(server), Lifetime = 86_400 };

    private static ServerAccount Unsecured(ServerAccount account) => account with { Uri = new Uri($"coap://{account.Uri.Host}"), Credentials = null };
}
