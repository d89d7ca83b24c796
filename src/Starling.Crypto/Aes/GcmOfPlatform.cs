using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>The same GCM by .NET: for processors without AES instructions, and what the other is compared with.</summary>
internal static class GcmOfPlatform
{
    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        using var gcm = new AesGcm(key, AesGcm128.TagSize);
        gcm.Encrypt(nonce, plaintext, ciphertext, tag, associated);
    }

    public static bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        using var gcm = new AesGcm(key, AesGcm128.TagSize);
        try
        {
            gcm.Decrypt(nonce, ciphertext, tag, plaintext, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            plaintext.Clear();
            return false;
        }
    }
}
