using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Something that happened to a device. Closed: these are all there are.</summary>
/// <param name="Key">The device; both parts empty where it is not known.</param>
/// <param name="Sequence">Grows by one an event, over all devices, since the server was made. Subscribers see gaps only where a <see cref="Gap"/> says so.</param>
/// <param name="At">When.</param>
/// <param name="RegistrationId">The registration that it belongs to; null where there is none.</param>
/// <param name="Cause">Why, for people; null where the event says it all.</param>
public abstract record DeviceEvent(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause)
{
    private const long Usual = 512;

    /// <summary>About how many bytes of memory it takes: most are small, but what a device tells at once may be large.</summary>
    public long Weigh() => Usual + this switch
    {
        Registered registered => sizeof(char) * registered.Registration.Links.Text.Length,
        Notified notified => notified.Records.Size,
        Sent sent => sent.Records.Size,
        Unmapped unmapped => unmapped.Records.Size + unmapped.Raw.Length,
        OperationEnded { Operation.Answer: { } answer } => answer.Records.Size + answer.Raw.Length,
        _ => 0,
    };

    /// <summary>The device registered, also when it had been registered before.</summary>
    public sealed record Registered(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause, Registration Registration)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>The device updated its registration; the cause names what changed.</summary>
    public sealed record Updated(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>The device de-registered, or was removed here: the cause says by whom.</summary>
    public sealed record Deregistered(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>The lifetime has passed without a word.</summary>
    public sealed record Expired(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>A Register, Update or De-register was refused; the cause says why.</summary>
    /// <param name="Key">The device as far as it is known.</param>
    /// <param name="Sequence">The event's number.</param>
    /// <param name="At">When.</param>
    /// <param name="RegistrationId">The registration that was named, or null.</param>
    /// <param name="Cause">Why.</param>
    /// <param name="Address">Where the request came from.</param>
    /// <param name="Code">The code of the answer.</param>
    public sealed record Rejected(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause, PeerAddress Address, CoapCode Code)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>The device now speaks from another address.</summary>
    /// <param name="Key">The device.</param>
    /// <param name="Sequence">The event's number.</param>
    /// <param name="At">When.</param>
    /// <param name="RegistrationId">The registration.</param>
    /// <param name="Cause">Why it is believed.</param>
    /// <param name="From">Where it was.</param>
    /// <param name="To">Where it is.</param>
    public sealed record Moved(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause, PeerAddress From, PeerAddress To)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>A notification of an observation, or the end of one: then the code is an error or the cause says why.</summary>
    /// <param name="Key">The device.</param>
    /// <param name="Sequence">The event's number.</param>
    /// <param name="At">When.</param>
    /// <param name="RegistrationId">The registration.</param>
    /// <param name="Cause">Why the observation is over, or why the values could not be read; null for an ordinary notification.</param>
    /// <param name="ObservationId">The observation.</param>
    /// <param name="Path">What is observed.</param>
    /// <param name="Code">The code of the notification.</param>
    /// <param name="Records">The values; empty when there are none.</param>
    public sealed record Notified(
        DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause,
        string ObservationId, Lwm2mPath Path, CoapCode Code, RecordSet Records)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause)
    {
        /// <summary>Whether the observation is over with it, whatever the code.</summary>
        public bool IsLast { get; init; }
    }

    /// <summary>The device told values without being asked (Send, LwM2M Core 1.2 §6.4.6).</summary>
    /// <param name="Key">The device.</param>
    /// <param name="Sequence">The event's number.</param>
    /// <param name="At">When.</param>
    /// <param name="RegistrationId">The registration.</param>
    /// <param name="Cause">Null.</param>
    /// <param name="Records">The values, with times where the device gave them; a path may come more than once.</param>
    public sealed record Sent(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause, RecordSet Records)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>
    /// The device told something that has no place: of an object without definition or registration, outside of what is observed, or unreadable. What could be
    /// read is also in the <see cref="Sent"/> or <see cref="Notified"/> of the same message, unless the cause says that it was refused.
    /// </summary>
    /// <param name="Key">The device.</param>
    /// <param name="Sequence">The event's number.</param>
    /// <param name="At">When.</param>
    /// <param name="RegistrationId">The registration.</param>
    /// <param name="Cause">Why it has no place.</param>
    /// <param name="Records">The values that have none; empty when they could not be read.</param>
    /// <param name="Raw">The payload's bytes, where it was refused or could not be read.</param>
    public sealed record Unmapped(
        DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause, RecordSet Records, ReadOnlyMemory<byte> Raw)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>A device in queue mode that had been thought asleep was heard from.</summary>
    public sealed record Awake(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>A device in queue mode does not listen any more; the cause says why that is thought.</summary>
    /// <param name="Key">The device.</param>
    /// <param name="Sequence">The event's number.</param>
    /// <param name="At">When.</param>
    /// <param name="RegistrationId">The registration.</param>
    /// <param name="Cause">Why that is thought.</param>
    /// <param name="ExpectedBy">When it has to be heard from at the latest; null is never.</param>
    public sealed record Asleep(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause, DateTimeOffset? ExpectedBy)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>A queued operation has its result.</summary>
    /// <param name="Key">The device.</param>
    /// <param name="Sequence">The event's number.</param>
    /// <param name="At">When.</param>
    /// <param name="RegistrationId">Null: an operation outlives registrations.</param>
    /// <param name="Cause">Why it has this result; empty where the result says it all.</param>
    /// <param name="Operation">The operation with its result.</param>
    public sealed record OperationEnded(DeviceKey Key, long Sequence, DateTimeOffset At, string? RegistrationId, string? Cause, QueuedOperation Operation)
        : DeviceEvent(Key, Sequence, At, RegistrationId, Cause);

    /// <summary>This subscriber did not read fast enough: so many events are missing here.</summary>
    /// <param name="Sequence">The number of the last event that is missing.</param>
    /// <param name="At">When the gap was told.</param>
    /// <param name="Missed">How many are missing.</param>
    public sealed record Gap(long Sequence, DateTimeOffset At, long Missed)
        : DeviceEvent(new DeviceKey(""), Sequence, At, null, "The subscriber's queue was full.");
}
