using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>CBC records with HMAC-SHA256, the MAC under the encryption (RFC 5246 §6.2.3.2) or over it (RFC 7366 §3).</summary>
/// <code>
/// MAC then encrypt | IV (16) | encrypted: text, MAC (32), padding |
/// encrypt then MAC | IV (16) | encrypted: text, padding | MAC (32) |      padding: n + 1 bytes of value n
/// </code>
internal sealed class CbcRecordCipher(bool encryptThenMac) : RecordCipher(macKeySize: Sha256.HashSize, fixedIvSize: 0, plaintextOffset: Aes128.BlockSize)
{
    private const int MacSize = Sha256.HashSize;
    private const int BlockSize = Aes128.BlockSize;

    // The shortest: a vector, and whole blocks for at least the MAC and one byte of padding, wherever the MAC stands.
    private const int MinSize = BlockSize + MacSize + BlockSize;

    public override int MaxOverhead => BlockSize + MacSize + BlockSize;

    public override int SealedSize(int plaintext) => BlockSize + plaintext + MacSize + PaddingSize(plaintext);

    public override int Seal(
        ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, ReadOnlySpan<byte> explicitNonce, ReadOnlySpan<byte> plaintext, Span<byte> fragment, RandomNumberGenerator random)
    {
        Check(keys, header, plaintext.Length);
        var size = SealedSize(plaintext.Length);
        var padding = PaddingSize(plaintext.Length);
        fragment = fragment[..size];
        plaintext.CopyTo(fragment[BlockSize..]);
        random.GetBytes(fragment[..BlockSize]);
        var text = fragment.Slice(BlockSize, plaintext.Length);
        if (encryptThenMac)
        {
            fragment[(BlockSize + text.Length)..^MacSize].Fill((byte)(padding - 1));
            Encrypt(keys, fragment[..^MacSize]);
            Mac(keys, header, fragment[..^MacSize], fragment[^MacSize..]);
            return size;
        }
        Mac(keys, header, text, fragment[(BlockSize + text.Length)..]);
        fragment[^padding..].Fill((byte)(padding - 1));
        Encrypt(keys, fragment);
        return size;
    }

    public override bool TryOpen(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, Span<byte> fragment, out Range plaintext)
    {
        Check(keys, header);
        plaintext = default;
        if (fragment.Length is < MinSize or > ushort.MaxValue || fragment.Length % BlockSize != 0)
        {
            return false;
        }
        var length = 0;
        var opened = encryptThenMac ? TryOpenUnderMac(keys, header, fragment, out length) : TryOpenAboveMac(keys, header, fragment, out length);
        if (!opened)
        {
            fragment.Clear();
            return false;
        }
        plaintext = BlockSize..(BlockSize + length);
        return true;
    }

    // RFC 7366 §3: nothing is decrypted that the MAC does not vouch for, so the padding is the peer's own word.
    private bool TryOpenUnderMac(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, Span<byte> fragment, out int length)
    {
        length = 0;
        Span<byte> expected = stackalloc byte[MacSize];
        Mac(keys, header, fragment[..^MacSize], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, fragment[^MacSize..]))
        {
            return false;
        }
        Decrypt(keys, fragment[..^MacSize]);
        var text = fragment[BlockSize..^MacSize];
        length = text.Length - 1 - text[^1];
        return length >= 0 && !text[length..].ContainsAnyExcept(text[^1]);
    }

    private bool TryOpenAboveMac(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, Span<byte> fragment, out int length)
    {
        Decrypt(keys, fragment);
        return MacThenEncrypt.TryCheck(keys[..MacKeySize], header, fragment[BlockSize..], out length);
    }

    private int PaddingSize(int plaintext) => BlockSize - ((plaintext + (encryptThenMac ? 0 : MacSize)) % BlockSize);

    [SkipLocalsInit]
    private void Mac(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, ReadOnlySpan<byte> text, Span<byte> mac)
    {
        Span<byte> length = stackalloc byte[LengthSize];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
        var hmac = new HmacSha256(keys[..MacKeySize]);
        hmac.Append(header);
        hmac.Append(length);
        hmac.Append(text);
        hmac.Finish(mac);
        hmac.Wipe();
    }

    private void Encrypt(ReadOnlySpan<byte> keys, Span<byte> fragment) => AesCbc128.Encrypt(keys[MacKeySize..], fragment[..BlockSize], fragment[BlockSize..]);

    private void Decrypt(ReadOnlySpan<byte> keys, Span<byte> fragment) => AesCbc128.Decrypt(keys[MacKeySize..], fragment[..BlockSize], fragment[BlockSize..]);
}
