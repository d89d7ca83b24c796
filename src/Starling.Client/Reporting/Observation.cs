using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// What a server observes under one token: a path, or since 1.1 several (LwM2M Core 1.2 §6.4.1; RFC 7641 §4.1). The request that begins it owns it
/// until <see cref="IsReady"/>, then the scheduler's pass; what else happens is left here for the pass to find.
/// </summary>
internal sealed class Observation(RegistrationLoop server, Peer peer, CoapMessage request, Lwm2mRequest operation)
{
    private const int None = -1;
    private readonly NotificationAttributes? _own = operation is Lwm2mRequest.Observe o ? o.Attributes : ((Lwm2mRequest.ObserveComposite)operation).Attributes;
    private volatile bool _isReady;
    private volatile bool _isHeld;
    private volatile bool _isDormant;
    private volatile bool _wasPassedOver;
    private int _outcome = None;
    private uint _sequence;

    public RegistrationLoop Server { get; } = server;
    public Peer Peer { get; } = peer;
    public CoapMessage Request { get; } = request;
    public Lwm2mRequest Operation { get; private set; } = operation;
    public ObservedPath[] Paths { get; } = operation is Lwm2mRequest.ObserveComposite c ? [.. c.Paths.Select(p => new ObservedPath(p))] : [new(((Lwm2mRequest.Observe)operation).Path)];

    /// <summary>For people.</summary>
    public string Name => string.Join(' ', Paths.Select(p => p.Path));

    /// <summary>Whether it has been answered for the first time.</summary>
    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    /// <summary>A confirmable notification is under way: meanwhile there is no other (RFC 7641 §4.5.1).</summary>
    public bool IsBusy { get; set; }

    /// <summary>A notification was not confirmed: until the registration has proven itself, what is to be told is stored.</summary>
    public bool IsHeld
    {
        get => _isHeld;
        set => _isHeld = value;
    }

    /// <summary>The registration has ended: values are stored for the observation that takes its place, and nothing is sent.</summary>
    public bool IsDormant
    {
        get => _isDormant;
        set => _isDormant = value;
    }

    /// <summary>Whether its server was there again since; one that then does not observe the paths anew has no need of them.</summary>
    public bool WasPassedOver
    {
        get => _wasPassedOver;
        set => _wasPassedOver = value;
    }

    /// <summary>The format of its notifications: what was asked for, and in any case that of the first answer (RFC 7641 §4.2).</summary>
    public ContentFormat? Accept
    {
        get => Operation is Lwm2mRequest.Observe one ? one.Accept : ((Lwm2mRequest.ObserveComposite)Operation).Accept;
        set => Operation = Operation is Lwm2mRequest.Observe one ? one with { Accept = value } : (Lwm2mRequest.ObserveComposite)Operation with { Accept = value };
    }

    /// <summary>Whether it is of several paths, of which any may be missing.</summary>
    public bool IsComposite => Operation is not Lwm2mRequest.Observe;

    /// <summary>When the server last showed that it is there: its request, or the last confirmable notification.</summary>
    public TimeSpan ConfirmedAt { get; set; }

    /// <summary>Nothing is looked at or sent before.</summary>
    public TimeSpan NotBefore { get; set; }

    /// <summary>Whether a notification may leave now.</summary>
    public bool CanSend => !IsBusy && !IsHeld && !IsDormant && Server.Status.IsRegistered;

    /// <summary>Whether its format has times: SenML alone does (RFC 8428 §4.5.3).</summary>
    public bool TellsTimes => Accept == ContentFormat.SenmlCbor || Accept == ContentFormat.SenmlJson;

    /// <summary>One answer of what its paths gave.</summary>
    public Lwm2mResponse Combine(Lwm2mResponse[] parts) => IsComposite ? ReadOperation.Combine([.. Paths.Select(p => p.Path)], parts) : parts[0];

    /// <summary>What counts for one of its paths: what came with the request, else what is attached (LwM2M Core 1.2 §7.3).</summary>
    public NotificationAttributes AttributesOf(ObservedPath path)
    {
        var attached = Server.Attributes.Effective(path.Path);
        return _own is null ? attached
            : (IsComposite ? _own.InheritFrom(attached.Without(AttributeNames.Composite)) : _own).InheritFrom(Server.Attributes.Defaults);
    }

    /// <summary>Why what came with the request cannot count where it would; null when it can.</summary>
    public string? Misplaced() =>
        _own is not null && !IsComposite && Target.TryFind(Server.View, Paths[0].Path, AccessRights.None, out var target, out _)
            ? _own.Misplaced(target.Path, target.Entry.Definition)
            : null;

    /// <summary>How the last confirmable notification has ended; null while nothing has. Told once.</summary>
    public DeliveryOutcome? TakeOutcome() => Interlocked.Exchange(ref _outcome, None) is var outcome and not None ? (DeliveryOutcome)outcome : null;

    /// <summary>The confirmable notification has ended.</summary>
    public void PutOutcome(DeliveryOutcome outcome) => Volatile.Write(ref _outcome, (int)outcome);

    /// <summary>The next number of Observe (RFC 7641 §4.4).</summary>
    public uint NextSequence() => _sequence = (_sequence + 1) & ObserveSequence.Max;

    /// <summary>The same server observes anew with the same token: the numbers go on (RFC 7641 §3.1).</summary>
    public void ContinueFrom(Observation? before) => _sequence = before?._sequence ?? 0;

    /// <summary>The same server observes the same again after its registration had ended: what was stored meanwhile is for it.</summary>
    public void Inherit(Observation dormant)
    {
        for (var i = 0; i < Paths.Length; i++)
        {
            Paths[i].Stored = dormant.Paths[i].Stored;
        }
    }

    /// <summary>Whether both are of the same paths for the same server.</summary>
    public bool IsLike(Observation other) => Server == other.Server && Paths.Select(p => p.Path).SequenceEqual(other.Paths.Select(p => p.Path));
}
