using Starling.Coap;

namespace Starling.Client;

/// <summary>
/// One server to register with: what the client's instances of the objects Security (0) and Server (1) begin with.
/// Servers may change the values of object 1 afterwards.
/// </summary>
public sealed record ServerAccount
{
    /// <summary>Where the server is: <c>coap://host:5683</c>, or <c>coaps://host:5684</c> with <see cref="Credentials"/> (resource /0/x/0).</summary>
    public required Uri Uri { get; init; }

    /// <summary>With what we prove who we are, and know the server: the security mode of <c>coaps</c> (/0/x/2 to /0/x/5). Null where nothing secures the transport.</summary>
    public OwnCredentials? Credentials { get; init; }

    /// <summary>How it is secured where that is not as usual (/0/x/14, /0/x/16).</summary>
    public TlsPreferences? Tls { get; init; }

    /// <summary>The short server id, 1 to 65534; each account has its own (/0/x/10, /1/x/0).</summary>
    public int ShortServerId { get; init; } = 1;

    /// <summary>The registration's lifetime in seconds: 86400; 0 is infinite (/1/x/1).</summary>
    public long Lifetime { get; init; } = 86_400;

    /// <summary>The letters of the binding (/1/x/7).</summary>
    public string Binding { get; init; } = "U";

    /// <summary>More URIs of the same server, over other transports and with the same credentials: none (/0/x/25).</summary>
    public IReadOnlyList<Uri> SecondaryUris { get; init; } = [];

    /// <summary>The letter of the transport that is taken when the device has it; null leaves it to the order of the URIs (/1/x/22).</summary>
    public string? PreferredTransport { get; init; }

    /// <summary>The enabler versions that the server is known to speak, as <c>1.1</c>; none when nothing is known (/1/x/25).</summary>
    public IReadOnlyList<string> SupportedVersions { get; init; } = [];

    /// <summary>
    /// Which hash the server wants of the device's objects instead of their list, 1 to 6 (RFC 6920 §9.4: 1 SHA-256, 6 its first 32 bits);
    /// null registers the list (/1/x/27). From 1.2 on.
    /// </summary>
    public int? ProfileIdAlgorithm { get; init; }

    /// <summary>The server's place in the order in which servers are registered with, one after the other; null: independent of all others (/1/x/13).</summary>
    public long? RegistrationOrder { get; init; }

    /// <summary>Whether servers later in the order wait while the registration with this one fails: no (/1/x/15).</summary>
    public bool BlocksOnFailure { get; init; }

    /// <summary>Whether the device needs to be bootstrapped when the registration with this server fails: yes (/1/x/16).</summary>
    public bool BootstrapsOnFailure { get; init; } = true;

    /// <summary>The number that receives SMS, without a plus; null for none (the parameter <c>sms</c>).</summary>
    public string? SmsNumber { get; init; }

    /// <summary>pmin where no attribute says otherwise, in seconds; null is 0 (/1/x/2).</summary>
    public long? DefaultMinimumPeriod { get; init; }

    /// <summary>pmax where no attribute says otherwise, in seconds; null is none (/1/x/3).</summary>
    public long? DefaultMaximumPeriod { get; init; }

    /// <summary>How long the client stays away after Disable, in seconds: 86400 (/1/x/5).</summary>
    public long DisableTimeout { get; init; } = 86_400;

    /// <summary>The delay before the first registration, in seconds: 0 (/1/x/14).</summary>
    public long InitialRegistrationDelay { get; init; }

    /// <summary>How many attempts a sequence has: 5 (/1/x/17).</summary>
    public long RetryCount { get; init; } = 5;

    /// <summary>The delay before the second attempt of a sequence, in seconds, doubled before each further one: 60 (/1/x/18).</summary>
    public long RetryTimer { get; init; } = 60;

    /// <summary>
    /// The delay between sequences, in seconds: 86400; <see cref="uint.MaxValue"/>: no further sequence (/1/x/19). A registration that has failed is tried again with
    /// delays that double up to this one.
    /// </summary>
    public long SequenceDelay { get; init; } = 86_400;

    /// <summary>How many sequences there are before the registration counts as failed: 1 (/1/x/20).</summary>
    public long SequenceRetryCount { get; init; } = 1;

    /// <summary>Whether values are kept for observers while the server cannot be reached: yes (/1/x/6). How many, hqmax says.</summary>
    public bool StoresNotifications { get; init; } = true;

    /// <summary>Whether this server gets nothing by Send: yes, until it or its account says otherwise (/1/x/23).</summary>
    public bool MuteSend { get; init; } = true;

    /// <summary>Whether notifications are confirmable: no (/1/x/26). One every 24 h is in any case (RFC 7641 §4.5).</summary>
    public bool ConfirmableNotifications { get; init; }
}
