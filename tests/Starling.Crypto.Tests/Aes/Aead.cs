namespace Starling.Crypto.Tests;

/// <summary>One way to seal.</summary>
internal delegate void Sealing(
    ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated);

/// <summary>One way to open.</summary>
internal delegate bool Opening(
    ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated);

/// <summary>One implementation of an authenticated cipher: what the tests put beside another one.</summary>
internal sealed record Aead(Sealing Seal, Opening TryOpen)
{
    /// <summary>Ciphertext and tag, as hex.</summary>
    public string SealedHex(string key, string nonce, string plaintext, string associated, int tagSize)
    {
        var text = Convert.FromHexString(plaintext);
        var ciphertext = new byte[text.Length];
        var tag = new byte[tagSize];
        Seal(Convert.FromHexString(key), Convert.FromHexString(nonce), text, ciphertext, tag, Convert.FromHexString(associated));
        return Convert.ToHexStringLower(ciphertext) + Convert.ToHexStringLower(tag);
    }
}
