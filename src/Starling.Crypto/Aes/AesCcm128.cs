using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// AES-CCM with keys of 128 bits (RFC 3610, NIST SP 800-38C): what DTLS calls AES_128_CCM and AES_128_CCM_8 (RFC 6655) and OSCORE AES-CCM-16-64-128. It keeps
/// nothing between calls and allocates nothing: whoever has a key has its sixteen bytes. It runs on the processor's AES instructions, and on
/// <see cref="AesCcm"/> where there are none. A nonce may be used once with a key.
/// </summary>
public static class AesCcm128
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = Aes128.KeySize;

    /// <summary>The shortest nonce, in bytes. Its text may be long.</summary>
    public const int MinNonceSize = 7;

    /// <summary>The longest nonce, in bytes. Its text is at most 65 535 bytes long.</summary>
    public const int MaxNonceSize = 13;

    /// <summary>The shortest tag, in bytes; DTLS and OSCORE use 8 and 16.</summary>
    public const int MinTagSize = 4;

    /// <summary>The longest tag, in bytes.</summary>
    public const int MaxTagSize = 16;

    /// <summary>Encrypts and writes the tag.</summary>
    /// <param name="key">16 bytes.</param>
    /// <param name="nonce">7 to 13 bytes that this key has never seen.</param>
    /// <param name="plaintext">The text; with a nonce of N bytes shorter than 2^(8·(15 − N)).</param>
    /// <param name="ciphertext">As long as the text; the same bytes as the text or quite apart from them.</param>
    /// <param name="tag">4 to 16 bytes, an even number.</param>
    /// <param name="associated">What is protected and not encrypted.</param>
    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        Check(key, nonce, plaintext, ciphertext, tag);
        if (!FitsNonce(nonce, plaintext.Length))
        {
            AeadArguments.Refuse("The text is too long for so long a nonce.");
        }
        if (Aes128.IsSupported)
        {
            CcmBlocks.Seal(key, nonce, plaintext, ciphertext, tag, associated);
            return;
        }
        CcmOfPlatform.Seal(key, nonce, plaintext, ciphertext, tag, associated);
    }

    /// <summary>Decrypts, and says whether the tag is that of text and associated bytes. Where it is not, the plaintext is all zeros.</summary>
    /// <param name="key">16 bytes.</param>
    /// <param name="nonce">7 to 13 bytes.</param>
    /// <param name="ciphertext">The encrypted text, of any length.</param>
    /// <param name="tag">4 to 16 bytes, an even number.</param>
    /// <param name="plaintext">As long as the encrypted text; the same bytes or quite apart from them.</param>
    /// <param name="associated">What was protected and not encrypted.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        Check(key, nonce, ciphertext, plaintext, tag);
        if (!FitsNonce(nonce, ciphertext.Length))
        {
            plaintext.Clear();
            return false;
        }
        return Aes128.IsSupported
            ? CcmBlocks.TryOpen(key, nonce, ciphertext, tag, plaintext, associated)
            : CcmOfPlatform.TryOpen(key, nonce, ciphertext, tag, plaintext, associated);
    }

    // Two or three bytes of length are the only ones that an int can overflow.
    private static bool FitsNonce(ReadOnlySpan<byte> nonce, int length) => nonce.Length < 12 || length < 1 << (8 * (15 - nonce.Length));

    private static void Check(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> from, Span<byte> to, ReadOnlySpan<byte> tag)
    {
        AeadArguments.CheckKeyAndText(key, from, to);
        if (nonce.Length is < MinNonceSize or > MaxNonceSize)
        {
            AeadArguments.Refuse("A nonce has 7 to 13 bytes.");
        }
        if (tag.Length is < MinTagSize or > MaxTagSize || (tag.Length & 1) != 0)
        {
            AeadArguments.Refuse("A tag has 4, 6, 8, 10, 12, 14 or 16 bytes.");
        }
    }
}
