using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>The same CCM by .NET: for processors without AES instructions, and what the other is compared with.</summary>
internal static class CcmOfPlatform
{
    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        using var ccm = new AesCcm(key);
        ccm.Encrypt(nonce, plaintext, ciphertext, tag, associated);
    }

    public static bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        using var ccm = new AesCcm(key);
        try
        {
            ccm.Decrypt(nonce, ciphertext, tag, plaintext, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            plaintext.Clear();
            return false;
        }
    }
}
