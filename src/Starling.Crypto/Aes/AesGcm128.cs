using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// AES-GCM with keys of 128 bits, nonces of 12 bytes and tags of 16 (NIST SP 800-38D): what DTLS calls AES_128_GCM (RFC 5288). It keeps nothing between calls:
/// whoever has a key has its sixteen bytes. It runs on the processor's AES and carry-less multiplication, and on <see cref="AesGcm"/> where they are missing.
/// A nonce may be used once with a key; twice lets anyone forge.
/// </summary>
public static class AesGcm128
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = Aes128.KeySize;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceSize = 12;

    /// <summary>Bytes of a tag.</summary>
    public const int TagSize = 16;

    /// <summary>Encrypts and writes the tag.</summary>
    /// <param name="key">16 bytes.</param>
    /// <param name="nonce">12 bytes that this key has never seen.</param>
    /// <param name="plaintext">The text.</param>
    /// <param name="ciphertext">As long as the text; the same bytes as the text or quite apart from them.</param>
    /// <param name="tag">16 bytes.</param>
    /// <param name="associated">What is protected and not encrypted.</param>
    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        Check(key, nonce, plaintext, ciphertext, tag);
        if (GcmBlocks.IsSupported)
        {
            GcmBlocks.Seal(key, nonce, plaintext, ciphertext, tag, associated);
            return;
        }
        GcmOfPlatform.Seal(key, nonce, plaintext, ciphertext, tag, associated);
    }

    /// <summary>Decrypts, and says whether the tag is that of text and associated bytes. Where it is not, the plaintext is all zeros.</summary>
    /// <param name="key">16 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="ciphertext">The encrypted text, of any length.</param>
    /// <param name="tag">16 bytes.</param>
    /// <param name="plaintext">As long as the encrypted text; the same bytes or quite apart from them.</param>
    /// <param name="associated">What was protected and not encrypted.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        Check(key, nonce, ciphertext, plaintext, tag);
        return GcmBlocks.IsSupported
            ? GcmBlocks.TryOpen(key, nonce, ciphertext, tag, plaintext, associated)
            : GcmOfPlatform.TryOpen(key, nonce, ciphertext, tag, plaintext, associated);
    }

    private static void Check(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<byte> tag)
    {
        AeadArguments.CheckKeyAndText(key, from, to);
        if (nonce.Length != NonceSize)
        {
            AeadArguments.Refuse("A nonce has 12 bytes.");
        }
        if (tag.Length != TagSize)
        {
            AeadArguments.Refuse("A tag has 16 bytes.");
        }
    }
}
