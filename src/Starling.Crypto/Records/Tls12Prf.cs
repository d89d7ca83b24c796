using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>The pseudorandom function of TLS and DTLS 1.2 with SHA-256 (RFC 5246 §5), the only one that the suites of LwM2M have. It allocates nothing.</summary>
public static class Tls12Prf
{
    /// <summary>Fills the output from a secret, a label and a seed.</summary>
    /// <param name="secret">The secret; its bytes are wiped from what this call used, not from the span.</param>
    /// <param name="label">ASCII, without a zero at its end: <c>"master secret"u8</c>.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="output">What to fill, of any length.</param>
    public static void Expand(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, Span<byte> output) =>
        Expand(secret, label, seed, [], output);

    /// <summary>The same with a seed that stands in two places, as the two randoms of a handshake do.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="label">ASCII, without a zero at its end.</param>
    /// <param name="seed">The first part of the seed.</param>
    /// <param name="moreSeed">The rest of the seed.</param>
    /// <param name="output">What to fill, of any length.</param>
    [SkipLocalsInit]
    public static void Expand(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> moreSeed, Span<byte> output)
    {
        // P_hash: A(0) is the seed with its label, A(i) the MAC of A(i − 1); the output is the MACs of A(i) with that seed, one after the other.
        var hmac = new HmacSha256(secret);
        Span<byte> a = stackalloc byte[Sha256.HashSize];
        Span<byte> piece = stackalloc byte[Sha256.HashSize];
        Append(ref hmac, label, seed, moreSeed);
        hmac.Finish(a);
        while (!output.IsEmpty)
        {
            hmac.Append(a);
            Append(ref hmac, label, seed, moreSeed);
            hmac.Finish(piece);
            var size = Math.Min(piece.Length, output.Length);
            piece[..size].CopyTo(output);
            output = output[size..];
            if (!output.IsEmpty)
            {
                hmac.Append(a);
                hmac.Finish(a);
            }
        }
        hmac.Wipe();
        CryptographicOperations.ZeroMemory(a);
        CryptographicOperations.ZeroMemory(piece);
    }

    private static void Append(ref HmacSha256 hmac, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed, ReadOnlySpan<byte> moreSeed)
    {
        hmac.Append(label);
        hmac.Append(seed);
        hmac.Append(moreSeed);
    }
}
