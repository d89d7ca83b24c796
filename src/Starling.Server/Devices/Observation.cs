using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>
/// An observation of a path, or of several at once, on a device (LwM2M Core 1.2 §6.4; RFC 7641). It is data that belongs to the device: it stays, with its
/// id and its token, when the device registers anew, and the server then asks for it again.
/// </summary>
public sealed class Observation : ObservationMatch, IKeyed<ObservationKey>
{
    private readonly ulong _token;
    private long _at;
    private uint _sequence;
    private bool _isOrdered;
    private volatile bool _isEstablished;

    internal Observation(DeviceSession device, StoredObservation stored)
    {
        Device = device;
        _token = stored.Token.Bits;
        Stored = stored;
    }

    /// <summary>Whose it is.</summary>
    public DeviceSession Device { get; }

    /// <summary>Its id: the token, in hexadecimal digits.</summary>
    public string Id => Token.ToString();

    /// <summary>The token that notifications carry.</summary>
    public CoapToken Token => new(_token, CoapToken.MaxLength);

    /// <summary>What is observed; <c>/</c> for a composite.</summary>
    public Lwm2mPath Path => IsComposite ? Lwm2mPath.Root : Paths[0];

    /// <summary>All that is observed, in the order in which it is asked for.</summary>
    public IReadOnlyList<Lwm2mPath> Paths => Stored.Paths;

    /// <summary>Whether one notification brings all paths at once.</summary>
    public bool IsComposite => Stored.IsComposite;

    /// <summary>The attributes, wherever the device is told them; null for none.</summary>
    public NotificationAttributes? Attributes => Stored.Attributes ?? Stored.Written;

    /// <summary>The format that was asked for; null when it was left to the codec.</summary>
    public ContentFormat? Accept => Stored.Accept;

    /// <summary>Whether the device is known to keep it: false until it has been told, also after a new registration.</summary>
    public bool IsEstablished => _isEstablished;

    /// <summary>Made when it is needed, which is only for notifications in blocks: an idle observation keeps no message.</summary>
    public override CoapMessage Request => Device.Server.Sender.Encode(Device, Operation, Token);

    ObservationKey IKeyed<ObservationKey>.TableKey => new(_token);

    /// <summary>It as data. It is changed when somebody wants other attributes.</summary>
    internal StoredObservation Stored { get; set; }

    /// <summary>Who wants it: callers that ask, and those who were told that it stands. Without any it is forgotten. Under the session's lock.</summary>
    internal int Claims { get; set; } = 1;

    internal Lwm2mRequest Operation => Stored.IsComposite
        ? new Lwm2mRequest.ObserveComposite(Stored.Paths, Stored.Accept, Stored.Format, Stored.Attributes)
        : new Lwm2mRequest.Observe(Stored.Paths[0], Stored.Accept, Stored.Attributes);

    /// <summary>The same options and, for a composite, the same body: nothing else ends it (RFC 7641 §3.6, RFC 8132 §2.4).</summary>
    internal Lwm2mRequest Cancellation => Stored.IsComposite
        ? new Lwm2mRequest.CancelObserveComposite(Stored.Paths, Stored.Accept, Stored.Format, Stored.Attributes)
        : new Lwm2mRequest.CancelObserve(Stored.Paths[0], Stored.Accept, Stored.Attributes);

    /// <summary>The device has to be told anew, and may count from anywhere.</summary>
    internal void Unsettle()
    {
        lock (this)
        {
            _isOrdered = false;
            _isEstablished = false;
        }
    }

    /// <summary>Takes a sequence number if it is newer than the last one (RFC 7641 §3.4).</summary>
    internal bool TryAdvance(uint sequence, long now)
    {
        lock (this)
        {
            if (_isOrdered && !ObserveSequence.IsFresher(_sequence, sequence, TimeSpan.FromMilliseconds(now - _at)))
            {
                return false;
            }
            Count(sequence, now);
            return true;
        }
    }

    /// <summary>Takes the number of an answer to Observe: the device may count anew from there.</summary>
    internal void Begin(uint sequence, long now)
    {
        lock (this)
        {
            Count(sequence, now);
        }
    }

    private void Count(uint sequence, long now)
    {
        _isOrdered = true;
        _isEstablished = true;
        _sequence = sequence;
        _at = now;
    }
}
