using Starling.Client;
using Starling.Lwm2m;

namespace Starling.Conformance.Tests;

/// <summary>How the client is set up before a case: what the test specification calls its configuration.</summary>
/// <param name="Name">C.1 to C.26.</param>
/// <param name="Objects">Makes the device's objects besides Security and Server; anew at each start.</param>
internal sealed record Configuration(string Name, Func<ClientBench, IEnumerable<ObjectInstance>> Objects)
{
    /// <summary>The account: NoSec: what a case says does not depend on the keys.</summary>
    public ServerAccount Account { get; init; } = new() { Uri = new Uri($"coap://{Bench.ServerAddress}"), Lifetime = 86_400 };

    /// <summary>The account of a second server; null for none.</summary>
    public ServerAccount? Second { get; init; }

    /// <summary>Whether the client sleeps.</summary>
    public bool QueueMode { get; init; }

    /// <summary>The version that the client speaks.</summary>
    public Lwm2mVersion Version { get; init; } = Lwm2mVersion.V12;

    /// <summary>What servers may create, and the like.</summary>
    public Action<ClientBench> Open { get; init; } = _ => { };
}
