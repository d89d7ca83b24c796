using System.Collections.Immutable;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>Signatures over hashes, ours and the peer's.</summary>
internal static class SignedHash
{
    public static byte[] Sign(OwnKey key, ReadOnlySpan<byte> hash)
    {
        Span<byte> signature = stackalloc byte[OwnKey.MaxSignature];
        return signature[..key.Sign(hash, signature)].ToArray();
    }

    /// <summary>Checks a signature by the key that the peer showed. What is wrong; null: nothing.</summary>
    public static DtlsAlert? Check(PeerKey peer, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        return !peer.TryGetPoint(out var point) ? DtlsAlert.BadCertificate : P256.Verify(point, hash, signature) ? null : DtlsAlert.DecryptError;
    }
}

/// <summary>What the peer showed in its Certificate.</summary>
/// <param name="Type">A raw key, or certificates.</param>
/// <param name="Chain">The raw key, or the certificates with the peer's own first; at least one.</param>
internal sealed record PeerKey(CertificateType Type, ImmutableArray<ReadOnlyMemory<byte>> Chain)
{
    /// <summary>The public key's point, in the form of P-256, which is the only curve here.</summary>
    public bool TryGetPoint(out ReadOnlySpan<byte> point)
    {
        if (Type == CertificateType.RawPublicKey)
        {
            return RawPublicKey.TryReadPoint(Chain[0].Span, out point);
        }
        point = default;
        if (CertificateChain.TryRead(Chain, out var parsed, out _))
        {
            point = parsed!.PublicKey.Point.ToArray();
            parsed.Dispose();
        }
        return !point.IsEmpty;
    }

    /// <summary>The question whether it may speak.</summary>
    public DtlsQuery ToQuery(string? serverName) => Type == CertificateType.RawPublicKey
        ? new DtlsQuery.PublicKey(Chain[0], serverName)
        : new DtlsQuery.Certificates(Chain, serverName);
}
