namespace Starling.Server;

/// <summary>A queued operation as data. Immutable.</summary>
/// <param name="Id">Its id: letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Device">Whom it is for.</param>
/// <param name="Order">Its place: those of one device are sent in rising order.</param>
/// <param name="QueuedAt">When it was queued.</param>
/// <param name="ExpiresAt">When it is not sent any more.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Request">The request as a CoAP message without token, in the bytes of RFC 7252 §3.</param>
public sealed record StoredOperation(
    string Id, DeviceKey Device, long Order, DateTimeOffset QueuedAt, DateTimeOffset ExpiresAt, OperationState State, ReadOnlyMemory<byte> Request)
{
    /// <summary>How often it has been sent.</summary>
    public int Attempts { get; init; }

    /// <summary>When it got its result; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it has this result, or why it still waits, for people; empty where the state says it all.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The device's answer, in the same bytes as the request; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Answer { get; init; }
}
