namespace Starling.Dtls;

/// <summary>The handshake is over and good.</summary>
internal sealed class HandshakeDone : HandshakeState
{
    public override string Step => "established";
}

/// <summary>The handshake is over and failed.</summary>
/// <param name="alert">What the peer is told.</param>
/// <param name="why">What people are told.</param>
/// <param name="step">What it was waiting for.</param>
internal sealed class HandshakeFailed(DtlsAlert alert, string why, string step) : HandshakeState
{
    public DtlsAlert Alert { get; } = alert;

    public string Why { get; } = why;

    public override string Step { get; } = step;

    public override HandshakeState Receive(Handshake handshake, in HandshakeMessage message) => this;
}
