namespace Starling.Dtls;

/// <summary>The check of a client's CertificateVerify.</summary>
internal sealed class VerifyWork(PeerKey peer, byte[] hash, byte[] signature) : DtlsWork
{
    /// <summary>What is wrong; null: nothing. Until it ran nothing is good.</summary>
    public DtlsAlert? Problem { get; private set; } = DtlsAlert.InternalError;

    public override void Run() => Problem = SignedHash.Check(peer, hash, signature);

    public override void Dispose()
    {
    }
}
