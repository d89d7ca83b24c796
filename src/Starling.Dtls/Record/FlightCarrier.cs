namespace Starling.Dtls;

/// <summary>
/// The record layer of datagrams as a handshake's carrier: numbers and fragments of messages, the flight that is sent again, and when.
/// <code>
///            EndFlight               next flight of the peer
///  collecting ───────► sent, waiting ────────────────────────► collecting …
///                        │ Deadline: sent again, twice the wait; after the last one the handshake has failed
///                        │ the peer's last message again: sent again
/// </code>
/// </summary>
internal sealed class FlightCarrier : HandshakeCarrier, IDisposable
{
    private const long LongestWait = 60_000;   // RFC 6347 §4.2.4.1

    private readonly DtlsSettings _settings;
    private ushort _nextMessage;
    private bool _isComplete;
    private bool _isLast;
    private long _wait;
    private long _sentAt;
    private int _repliesLeft;

    public FlightCarrier(DtlsSettings settings, ushort firstMessage, ulong firstRecord, long now)
    {
        _settings = settings;
        _nextMessage = firstMessage;
        Plain = new PlainSequence(firstRecord);
        Incoming = new Fragments(settings.MaxHandshakeMessage) { Next = firstMessage };
        _wait = settings.FirstResend;
        Deadline = now + Math.Min((long)settings.FirstResend << Math.Min(settings.MaxResends, 16), LongestWait);
    }

    public override Dialect Dialect => Dialect.Datagrams;

    public Fragments Incoming { get; }

    public OutgoingFlight Flight { get; private set; } = new();

    public PlainSequence Plain { get; }

    public WriteEpoch? Write { get; private set; }

    public ReadEpoch? Read { get; private set; }

    /// <summary>Whether the peer's ChangeCipherSpec came: from then on its records under the new keys are read.</summary>
    public bool HasPeerChanged { get; set; }

    /// <summary>Whether our records are under the new keys.</summary>
    public bool IsWriteProtected => Flight.IsProtected;

    /// <summary>Whether a flight is complete and has not been sent.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Whether our flight is the last one, whose loss only the peer notices.</summary>
    public bool IsLastOurs => _isLast;

    /// <summary>How often a flight was sent again because its time had come.</summary>
    public int Resends { get; private set; }

    public long Deadline { get; private set; }

    public override void Send(HandshakeType type, ReadOnlySpan<byte> body, Transcript transcript)
    {
        if (_isComplete)
        {
            Flight.Clear();
            _isComplete = false;
        }
        var framed = new byte[HandshakeFragment.HeaderSize + body.Length];
        HandshakeFragment.WriteHeader(framed, type, body.Length, _nextMessage, 0, body.Length);
        body.CopyTo(framed.AsSpan(HandshakeFragment.HeaderSize));
        transcript.Append(framed);
        Flight.Add(type, _nextMessage++, framed);
    }

    public override void InstallKeys(SessionKeys keys, HandshakeTerms terms)
    {
        Read = new ReadEpoch(keys.Cipher, keys.Read, terms.OwnConnectionId ?? [], default);
        Write = new WriteEpoch(keys.Cipher, keys.Write, terms.PeerConnectionId ?? [], 0);
    }

    public override void ChangeCipherSpec()
    {
        if (_isComplete)
        {
            Flight.Clear();
            _isComplete = false;
        }
        Flight.AddChange();
    }

    public override void EndFlight(bool isLast) => (_isComplete, IsPending, _isLast) = (true, true, isLast);

    /// <summary>Sends the flight for the first time.</summary>
    public void Transmit(RecordPacker packer, long now)
    {
        IsPending = false;
        _wait = _settings.FirstResend;
        _repliesLeft = _settings.MaxResends;
        (Resends, _sentAt) = (0, now);
        Deadline = _isLast ? long.MaxValue : now + _wait;
        Flight.Transmit(packer);
    }

    /// <summary>Sends it again because its time has come; false when it was sent often enough.</summary>
    public bool TryResend(RecordPacker packer, long now)
    {
        if (Resends >= _settings.MaxResends || Flight.IsEmpty)
        {
            return false;
        }
        Resends++;
        _wait = Math.Min(_wait * 2, LongestWait);
        (_sentAt, Deadline) = (now, now + _wait);
        Flight.Transmit(packer);
        return true;
    }

    /// <summary>Sends it again because the peer repeats itself: a few times, and not faster than a copy of a datagram could make it.</summary>
    public void Reply(RecordPacker packer, long now)
    {
        if (_repliesLeft > 0 && now - _sentAt >= _settings.FirstResend / 4 && !Flight.IsEmpty)
        {
            _repliesLeft--;
            _sentAt = now;
            Flight.Transmit(packer);
        }
    }

    public void Dispose()
    {
        Flight.Dispose();
        Read?.Dispose();
        Write?.Dispose();
    }

    /// <summary>The session takes the flight over: it is not wiped with the handshake.</summary>
    public OutgoingFlight TakeFlight()
    {
        var flight = Flight;
        Flight = new OutgoingFlight();
        return flight;
    }

    /// <summary>The session takes the keys over: they are not wiped with the handshake.</summary>
    public (ReadEpoch Read, WriteEpoch Write) Release()
    {
        var epochs = (Read!, Write!);
        (Read, Write) = (null, null);
        return epochs;
    }
}
