namespace Starling.Dtls;

/// <summary>
/// One handshake of either side: the peer's messages go in, ours go to the carrier. It is dropped and wiped when it is over; what stays of it are
/// <see cref="Terms"/> and the keys that the carrier got.
/// </summary>
internal sealed class Handshake : IDisposable
{
    private HandshakeState _state;

    private Handshake(DtlsSettings settings, DtlsOwnKeys own, HandshakeCarrier carrier, SessionMemory? memory)
    {
        (Settings, Own, Carrier, IsClient) = (settings, own, carrier, memory is null);
        Memory = memory ?? new SessionMemory(null, 0);
        _state = new AwaitClientHello();
    }

    public DtlsSettings Settings { get; }

    /// <summary>Our keys; those of the name that the client asked for, once it did.</summary>
    public DtlsOwnKeys Own { get; set; }

    public HandshakeCarrier Carrier { get; }

    public bool IsClient { get; }

    /// <summary>Sessions that a client may take up again.</summary>
    public SessionMemory Memory { get; }

    /// <summary>What a client keeps to take this session up again, once it is done; the taker disposes it.</summary>
    public DtlsResumption? Resumption { get; private set; }

    public HandshakeTerms Terms { get; } = new();

    public HandshakeSecrets Secrets { get; } = new();

    public Transcript Transcript { get; } = new();

    /// <summary>Whether it waits for us and not for a message: the carrier keeps what comes.</summary>
    public bool IsOurTurn => _state.IsOurTurn;

    public bool IsDone => _state is HandshakeDone;

    /// <summary>Why it is over; null as long as it has not failed.</summary>
    public HandshakeFailed? Failure => _state as HandshakeFailed;

    public string Step => _state.Step;

    public DtlsQuery? Query => _state.Query;

    public DtlsWork? Work => _state.Work;

    /// <summary>A server's handshake, which waits for the hello.</summary>
    public static Handshake OfServer(DtlsSettings settings, DtlsOwnKeys own, HandshakeCarrier carrier, SessionMemory memory) =>
        new(settings, own, carrier, memory);

    /// <summary>A client's handshake, which sends its hello at once.</summary>
    public static Handshake OfClient(DtlsSettings settings, DtlsTarget target, HandshakeCarrier carrier)
    {
        var handshake = new Handshake(settings, target.Own, carrier, memory: null);
        handshake._state = ClientHelloFlight.Begin(handshake, target);
        return handshake;
    }

    /// <summary>Takes the next message. Not to be called while it <see cref="IsOurTurn"/>.</summary>
    public void Receive(HandshakeMessage message)
    {
        // Only a Finished comes under the new keys, and it never comes otherwise.
        if (message.IsProtected != (message.Type == HandshakeType.Finished))
        {
            Go(Fail(DtlsAlert.UnexpectedMessage, $"{message.Type} came {(message.IsProtected ? "under the new keys" : "in the clear")}."));
            return;
        }
        Span<byte> before = stackalloc byte[Transcript.Size];
        if (message.Type is HandshakeType.Finished or HandshakeType.CertificateVerify)
        {
            Transcript.Current(before);
        }
        Transcript.Append(message.Header);
        Transcript.Append(message.Body);
        Go(_state.Receive(this, new HandshakeMessage
        {
            Type = message.Type,
            Header = message.Header,
            Body = message.Body,
            IsProtected = message.IsProtected,
            HashBefore = before,
        }));
    }

    /// <summary>Takes the answer to <see cref="Query"/>; ignored when there is none.</summary>
    public void Provide(DtlsAnswer answer)
    {
        if (Query is not null)
        {
            Go(_state.Provide(this, answer));
        }
    }

    /// <summary>Takes work that has run; ignored when it is not what is waited for.</summary>
    public void Complete(DtlsWork work)
    {
        if (ReferenceEquals(work, Work))
        {
            Go(_state.Complete(this));
        }
    }

    /// <summary>The state after a failure.</summary>
    public HandshakeFailed Fail(DtlsAlert alert, string why) => new(alert, why, Step);

    /// <summary>The state after success: what may be taken up again is kept.</summary>
    public HandshakeDone Succeed()
    {
        Memory.Keep(this);
        if (IsClient && Terms.SessionId.Length > 0 && Terms.ExtendedMasterSecret)
        {
            Resumption = new DtlsResumption(Terms.SessionId, Secrets.Master, Terms.Suite);
        }
        return new HandshakeDone();
    }

    /// <summary>Gives up for a reason that no message brought.</summary>
    public void Abort(DtlsAlert alert, string why) => Go(Fail(alert, why));

    /// <summary>Sends a message of this flight.</summary>
    public void Send(HandshakeType type, ReadOnlySpan<byte> body) => Carrier.Send(type, body, Transcript);

    public void Dispose()
    {
        _state.Wipe();
        Secrets.Dispose();
        Transcript.Dispose();
    }

    private void Go(HandshakeState next)
    {
        if (!ReferenceEquals(next, _state))
        {
            _state.Wipe();
            _state = next;
        }
    }
}
