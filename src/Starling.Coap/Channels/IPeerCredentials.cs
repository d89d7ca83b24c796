namespace Starling.Coap;

/// <summary>Knows who may speak to us, and with which key: what a server's secured channel asks during a handshake.</summary>
public interface IPeerCredentials
{
    /// <summary>
    /// Judges a claim. It is called on a worker, never under a lock of the channel's, and bounded by the channel in number and time; what it throws counts as
    /// <see cref="PeerRefusal.Unavailable"/>.
    /// </summary>
    ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel);
}
