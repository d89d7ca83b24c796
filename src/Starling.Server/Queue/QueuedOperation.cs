using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>An operation in the queue, as it stood at one moment.</summary>
/// <param name="Id">Its id: letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Device">Whom it is for.</param>
/// <param name="Request">What is asked. Formats are chosen when it is sent.</param>
/// <param name="State">Where it stands.</param>
/// <param name="QueuedAt">When it was queued.</param>
/// <param name="ExpiresAt">When it is not sent any more.</param>
public sealed record QueuedOperation(
    string Id, DeviceKey Device, Lwm2mRequest Request, OperationState State, DateTimeOffset QueuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Its place: those of one device are sent in rising order.</summary>
    public long Order { get; init; }

    /// <summary>How often it has been sent.</summary>
    public int Attempts { get; init; }

    /// <summary>When it got its result; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it has this result, or why it still waits, for people; empty where the state says it all.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The device's answer, which may be a refusal; null unless it is <see cref="OperationState.Answered"/>.</summary>
    public Lwm2mResponse? Answer { get; init; }

    /// <summary>Whether it has its result.</summary>
    public bool HasEnded => State > OperationState.Sending;
}
