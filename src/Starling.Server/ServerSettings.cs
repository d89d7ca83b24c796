using Starling.Coap;

namespace Starling.Server;

/// <summary>The limits and choices of a server. Each limit has a counter of what it refused in <see cref="ServerCounters"/>.</summary>
public sealed record ServerSettings
{
    /// <summary>Limits of CoAP below.</summary>
    public CoapSettings Coap { get; init; } = new();

    /// <summary>How many devices may be registered at once: 1 000 000. Beyond that a Register is answered 5.03.</summary>
    public int MaxDevices { get; init; } = 1_000_000;

    /// <summary>The longest endpoint client name, in characters: 255. A longer one is answered 4.00.</summary>
    public int MaxEndpointLength { get; init; } = 255;

    /// <summary>Who may register under which name.</summary>
    public AdmissionSettings Admission { get; init; } = new();

    /// <summary>How many observations a device may have: 100. Another one is refused to the caller.</summary>
    public int MaxObservationsPerDevice { get; init; } = 100;

    /// <summary>The lifetime of a LwM2M 1.0 device that tells none, in seconds: 86 400 (LwM2M Core 1.0 §5.3.1). Later versions must tell one.</summary>
    public long DefaultLifetime { get; init; } = 86_400;

    /// <summary>How long a registration outlives its lifetime, so that one lost Update does not end it: 5 s, more than the first retransmission takes.</summary>
    public TimeSpan ExpiryGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a registration that a store has given back lives at least, unless its device is heard from: 93 s, MAX_TRANSMIT_WAIT (RFC 7252 §4.8.2). An Update
    /// that began while no server was there is sent for that long.
    /// </summary>
    public TimeSpan RestoreGrace { get; init; } = TimeSpan.FromSeconds(93);

    /// <summary>
    /// How long after a Register the first operation may go out at the earliest: 20 ms; it does within twice that. A device may drop what comes before the answer to its Register
    /// (LwM2M Core 1.2 §6.2.1), and the two leave on different threads.
    /// </summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How long a device that told queue mode listens after it was last heard from: 93 s, MAX_TRANSMIT_WAIT (LwM2M Transport 1.2 §6.5). A device may
    /// have its own.
    /// </summary>
    public TimeSpan AwakeWindow { get; init; } = TimeSpan.FromSeconds(93);

    /// <summary>How many profile ids are remembered: 10 000. Beyond that none is learned: devices with others send their whole list each time.</summary>
    public int MaxProfiles { get; init; } = 10_000;

    /// <summary>How many bytes of memory their lists may take, about: 32 MiB. Beyond that none is learned either.</summary>
    public long MaxProfileBytes { get; init; } = 32 << 20;

    /// <summary>How often a device that answers "not now" (5.03) is asked again: 3 times.</summary>
    public int BusyRetries { get; init; } = 3;

    /// <summary>How long it is waited for such a device at most, each time; its own word (Max-Age) counts below that, and 1 s where it gives none: 10 s.</summary>
    public TimeSpan MaxBusyPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Limits of the queue of operations.</summary>
    public QueueSettings Queue { get; init; } = new();

    /// <summary>How many devices whose registration has ended are remembered for what is observed there: 100 000. Beyond that it is forgotten with the registration.</summary>
    public int MaxAbsentDevices { get; init; } = 100_000;

    /// <summary>How many events wait for a subscriber that reads slowly: 10 000. What comes on top is counted by a <see cref="DeviceEvent.Gap"/>.</summary>
    public int EventsPerSubscriber { get; init; } = 10_000;

    /// <summary>How many bytes of memory they may take: 64 MiB. One event alone may be larger.</summary>
    public long EventBytesPerSubscriber { get; init; } = 64 << 20;
}
