using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>A client's signature over the handshake (RFC 5246 §7.4.8).</summary>
internal sealed class SignWork(OwnKey key, byte[] hash) : DtlsWork
{
    /// <summary>The signature; empty until it ran.</summary>
    public byte[] Signature { get; private set; } = [];

    public override void Run() => Signature = SignedHash.Sign(key, hash);

    public override void Dispose()
    {
    }
}
