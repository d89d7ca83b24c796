using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// One path that a server observes (LwM2M Core 1.2 §6.4.1; RFC 7641 §4.1). All but <see cref="IsDirty"/> is touched by one thread at a time:
/// by the request that begins it, then by the scheduler's pass or the delivery that it has begun.
/// </summary>
internal sealed class Observation(RegistrationLoop server, Peer peer, CoapMessage request, Lwm2mRequest.Observe operation)
{
    private volatile bool _isDirty;
    private uint _sequence;

    public RegistrationLoop Server { get; } = server;
    public Peer Peer { get; } = peer;
    public CoapMessage Request { get; } = request;
    public Lwm2mRequest.Observe Operation { get; } = operation;
    public Lwm2mPath Path => Operation.Path;

    /// <summary>Something below or above the path has changed since the last look.</summary>
    public bool IsDirty
    {
        get => _isDirty;
        set => _isDirty = value;
    }

    /// <summary>What was told last, and whether there is news.</summary>
    public NotifyCondition Condition { get; } = new(operation.Path);

    /// <summary>The first answer, or a confirmable notification, is under way: meanwhile there is no other (RFC 7641 §4.5.1).</summary>
    public bool IsBusy { get; set; } = true;

    /// <summary>When the server last showed that it is there: its request, or the last confirmable notification.</summary>
    public TimeSpan ConfirmedAt { get; set; }

    /// <summary>Nothing is sent before: the last one could not be handed over.</summary>
    public TimeSpan NotBefore { get; set; }

    /// <summary>The next number of Observe (RFC 7641 §4.4).</summary>
    public uint NextSequence() => _sequence = (_sequence + 1) & ObserveSequence.Max;

    /// <summary>The same server observes anew with the same token: the numbers go on (RFC 7641 §3.1).</summary>
    public void ContinueFrom(Observation? before) => _sequence = before?._sequence ?? 0;

    /// <summary>Whether a change at a path is one of what is observed.</summary>
    public bool Concerns(Lwm2mPath changed) => changed.StartsWith(Path) || Path.StartsWith(changed);
}
