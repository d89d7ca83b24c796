namespace Starling.Dtls;

/// <summary>What a handshake waits for. A handler does what is due and returns the next state.</summary>
internal abstract class HandshakeState
{
    /// <summary>In the standard's words: <c>waiting for ClientKeyExchange</c>.</summary>
    public abstract string Step { get; }

    /// <summary>Whether it waits for us and not for a message: messages are kept until then.</summary>
    public virtual bool IsOurTurn => Query is not null || Work is not null;

    /// <summary>What is asked of whoever knows the keys.</summary>
    public virtual DtlsQuery? Query => null;

    /// <summary>Work that somebody must run.</summary>
    public virtual DtlsWork? Work => null;

    /// <summary>Takes the next message of the peer.</summary>
    public virtual HandshakeState Receive(Handshake handshake, in HandshakeMessage message) =>
        handshake.Fail(DtlsAlert.UnexpectedMessage, $"{message.Type} came while {Step}.");

    /// <summary>Takes the answer to <see cref="Query"/>.</summary>
    public virtual HandshakeState Provide(Handshake handshake, DtlsAnswer answer) => this;

    /// <summary>Takes <see cref="Work"/> that has run.</summary>
    public virtual HandshakeState Complete(Handshake handshake) => this;

    /// <summary>Wipes what is secret in it.</summary>
    public virtual void Wipe()
    {
    }
}
