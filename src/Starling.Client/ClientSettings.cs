using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>What a client must be told. Every limit has a default.</summary>
public sealed record ClientSettings
{
    /// <summary>The endpoint client name, unique on the server; a URN is recommended (LwM2M Core 1.2 §7.4.1).</summary>
    public required string Endpoint { get; init; }

    /// <summary>The servers to register with: one or more, each with its own short server id.</summary>
    public required IReadOnlyList<ServerAccount> Servers { get; init; }

    /// <summary>
    /// The highest enabler version that is spoken: 1.2. A server that refuses it with 4.12 is asked again with the next lower one.
    /// </summary>
    public Lwm2mVersion Version { get; init; } = Lwm2mVersion.V12;

    /// <summary>
    /// Whether the list of objects begins with the content formats that the client speaks, so that a server need not guess: yes.
    /// </summary>
    public bool TellsFormats { get; init; } = true;

    /// <summary>
    /// Profile ids that stand for the device's objects, <c>oma:name</c> or <c>v:name</c>: none. They are registered instead of the list, which follows
    /// when the server does not know them (LwM2M Core 1.2 §6.2.1). From 1.2 on.
    /// </summary>
    public IReadOnlyList<string> ProfileIds { get; init; } = [];

    /// <summary>
    /// Whether the device sleeps when nothing happens: no (queue mode, LwM2M Core 1.2 §6.2.1). It tells so, stays awake for <see cref="AwakeTime"/>
    /// after each message, and then ignores what comes until it has something to say itself.
    /// </summary>
    public bool QueueMode { get; init; }

    /// <summary>How long a device in queue mode stays awake after a message: 93 s, MAX_TRANSMIT_WAIT.</summary>
    public TimeSpan AwakeTime { get; init; } = TimeSpan.FromSeconds(93);

    /// <summary>
    /// The definitions of objects: the standard ones. Those of the device's own objects need not be in it, but then every client keeps a catalog of its own.
    /// </summary>
    public ObjectCatalog Catalog { get; init; } = ObjectCatalog.Standard;

    /// <summary>The limits of CoAP.</summary>
    public CoapSettings Coap { get; init; } = new();

    /// <summary>How long De-register may take when the client stops: 5 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a request that overtakes the answer to Register waits for that answer: 250 ms, below the time after which it would be acknowledged.
    /// One that is earlier than that is ignored (LwM2M Core 1.2 §6.2.1).
    /// </summary>
    public TimeSpan RegistrationGrace { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many observations one server may have: 64. A further one is answered as a plain read (RFC 7641 §4.1).</summary>
    public int ObservationsPerServer { get; init; } = 64;

    /// <summary>
    /// How many values are kept at most of each observed path while its server cannot be reached: 64. Up to there the attribute hqmax counts,
    /// and before 1.2, which has none, this number itself. The oldest is dropped and counted.
    /// </summary>
    public int StoredNotifications { get; init; } = 64;

    /// <summary>How many paths a composite may name: 256. A longer list is refused with 4.00.</summary>
    public int CompositePaths { get; init; } = 256;

    /// <summary>To how many paths one server may attach notification attributes: 256. A further Write-Attributes is refused with 5.00 and counted.</summary>
    public int AttributesPerServer { get; init; } = 256;

    /// <summary>How many Sends may be under way to one server or wait for it: 32. A further one is refused and counted.</summary>
    public int SendQueue { get; init; } = 32;

    /// <summary>
    /// With several servers: what each of them may do with instances that no instance of the object Access Control (2) speaks of: everything.
    /// The client makes an instance that says so. A server's own account is its own in any case.
    /// </summary>
    public AccessRights UnclaimedRights { get; init; } = AccessRights.All;

    /// <summary>How many instances of one resource may exist: 256. More are refused with 4.00.</summary>
    public int ResourceInstances { get; init; } = 256;

    /// <summary>How often a block of a download that got no answer is asked for again, after CoAP's own retransmissions: 5.</summary>
    public int DownloadRetries { get; init; } = 5;

    /// <summary>How long a download waits before that, doubled each time: 10 s.</summary>
    public TimeSpan DownloadRetryDelay { get; init; } = TimeSpan.FromSeconds(10);
}
