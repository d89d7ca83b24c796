using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>Randoms and master secret, and what comes of them (RFC 5246 §6.3, §8.1). Wiped with the handshake.</summary>
internal sealed class HandshakeSecrets : IDisposable
{
    public const int MasterSize = 48;
    public const int VerifySize = 12;

    public byte[] ClientRandom { get; } = new byte[ClientHello.RandomSize];

    public byte[] ServerRandom { get; } = new byte[ClientHello.RandomSize];

    public byte[] Master { get; } = new byte[MasterSize];

    /// <summary>Makes the master secret: of the transcript when it is extended (RFC 7627 §4), else of the randoms. The premaster secret is wiped.</summary>
    public void Derive(Span<byte> premaster, bool isExtended, Transcript transcript)
    {
        if (isExtended)
        {
            Span<byte> hash = stackalloc byte[Transcript.Size];
            transcript.Current(hash);
            Tls12Prf.Expand(premaster, "extended master secret"u8, hash, Master);
        }
        else
        {
            Tls12Prf.Expand(premaster, "master secret"u8, ClientRandom, ServerRandom, Master);
        }
        CryptographicOperations.ZeroMemory(premaster);
    }

    /// <summary>
    /// The premaster secret of a pre-shared key (RFC 4279 §2, RFC 5489 §2):
    /// <code>
    /// other_secret&lt;0..2^16-1&gt; psk&lt;0..2^16-1&gt;
    /// </code>
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="agreed">What the two sides agreed on by their curves; empty: as many zeros as the key has bytes.</param>
    public static byte[] PremasterOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> agreed)
    {
        var other = agreed.IsEmpty ? key.Length : agreed.Length;
        var premaster = new byte[4 + other + key.Length];
        premaster[0] = (byte)(other >> 8);
        premaster[1] = (byte)other;
        agreed.CopyTo(premaster.AsSpan(2));
        premaster[2 + other] = (byte)(key.Length >> 8);
        premaster[3 + other] = (byte)key.Length;
        key.CopyTo(premaster.AsSpan(4 + other));
        return premaster;
    }

    /// <summary>The record keys: MAC keys, keys and IVs of client and server in turn (RFC 5246 §6.3).</summary>
    public SessionKeys Keys(RecordCipher cipher, bool isClient)
    {
        Span<byte> block = stackalloc byte[2 * cipher.KeyMaterialSize];
        Tls12Prf.Expand(Master, "key expansion"u8, ServerRandom, ClientRandom, block);
        var client = new byte[cipher.KeyMaterialSize];
        var server = new byte[cipher.KeyMaterialSize];
        cipher.Deal(block, client, server);
        CryptographicOperations.ZeroMemory(block);
        return isClient ? new SessionKeys(cipher, server, client) : new SessionKeys(cipher, client, server);
    }

    /// <summary>What a Finished carries (RFC 5246 §7.4.9).</summary>
    public void Verify(bool ofClient, ReadOnlySpan<byte> transcriptHash, Span<byte> verify) =>
        Tls12Prf.Expand(Master, ofClient ? "client finished"u8 : "server finished"u8, transcriptHash, verify);

    public void Dispose() => CryptographicOperations.ZeroMemory(Master);
}
