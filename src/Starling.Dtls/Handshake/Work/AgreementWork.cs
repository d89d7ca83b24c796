using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>The agreement of both key pairs, at the server (RFC 8422 §5.10).</summary>
/// <param name="pair">Ours, which ends with this.</param>
/// <param name="point">The peer's public half as it came.</param>
internal sealed class AgreementWork(ECDiffieHellman pair, byte[] point) : DtlsWork
{
    private readonly byte[] _secret = new byte[P256.SecretSize];
    private bool _isGood;

    public override void Run() => _isGood = P256.TryAgree(pair, point, _secret);

    /// <summary>What both agreed on; empty when the peer's point is not one of the curve. Wiped with the work.</summary>
    public ReadOnlySpan<byte> Secret => _isGood ? _secret : default;

    public override void Dispose()
    {
        pair.Dispose();
        CryptographicOperations.ZeroMemory(_secret);
    }
}
