using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>
/// An observation of a path on a device (LwM2M Core 1.2 §6.4.1; RFC 7641). It is data that belongs to the device: it stays, with its id and its token,
/// when the device registers anew, and the server then asks for it again.
/// </summary>
public sealed class Observation : ObservationMatch, IKeyed<ObservationKey>
{
    private readonly ulong _token;
    private long _at;
    private uint _sequence;
    private bool _isOrdered;
    private volatile bool _isEstablished;

    internal Observation(DeviceSession device, CoapToken token, Lwm2mPath path, ContentFormat? accept)
    {
        Device = device;
        _token = token.Bits;
        Path = path;
        Accept = accept;
    }

    /// <summary>Whose it is.</summary>
    public DeviceSession Device { get; }

    /// <summary>Its id: the token, in hexadecimal digits.</summary>
    public string Id => Token.ToString();

    /// <summary>The token that notifications carry.</summary>
    public CoapToken Token => new(_token, CoapToken.MaxLength);

    /// <summary>What is observed.</summary>
    public Lwm2mPath Path { get; }

    /// <summary>The format that was asked for; null when it was left to the codec.</summary>
    public ContentFormat? Accept { get; }

    /// <summary>Whether the device is known to keep it: false from a new registration until it has been told again.</summary>
    public bool IsEstablished => _isEstablished;

    /// <summary>Made when it is needed, which is only for notifications in blocks: an idle observation keeps no message.</summary>
    public override CoapMessage Request => Device.Server.Sender.Encode(Device, Operation, Token);

    ObservationKey IKeyed<ObservationKey>.TableKey => new(_token);

    internal Lwm2mRequest.Observe Operation => new(Path, Accept);

    internal StoredObservation ToStored() => new(Token, [Path], Accept);

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
            _isOrdered = true;
            _isEstablished = true;
            _sequence = sequence;
            _at = now;
            return true;
        }
    }
}
