using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// Takes MAC and padding off a decrypted CBC record whose MAC is under the encryption, and says only whether both were right. How long the padding is must not
/// show in the time it takes (the attacks of Vaudenay and Lucky Thirteen), so everything here depends on lengths that anyone on the wire can see:
/// <list type="number">
/// <item>Padding is compared over all bytes that it could be, those beyond it masked. Padding that is wrong counts as none.</item>
/// <item>The MAC is computed over as many blocks as the longest text could have. Where the text ends, the end mark and the length of the message are masked
/// into the block, and the state after the block that was the last one is kept by a mask: one count of compressions for every padding.</item>
/// <item>The MAC that came is gathered from every place where it could stand, turned by a mask for each bit of the place, and compared whole.</item>
/// </list>
/// No branch and no address depends on the padding's length or on a byte of the text.
/// </summary>
internal static class MacThenEncrypt
{
    private const int MacSize = Sha256.HashSize;
    private const int MaxPadding = byte.MaxValue;

    /// <summary>Checks what was decrypted.</summary>
    /// <param name="macKey">32 bytes.</param>
    /// <param name="header">What the MAC covers before the two bytes of length.</param>
    /// <param name="decrypted">Text, MAC and padding, at least 33 bytes.</param>
    /// <param name="length">Bytes of text, where all is right.</param>
    [SkipLocalsInit]
    public static bool TryCheck(ReadOnlySpan<byte> macKey, ReadOnlySpan<byte> header, ReadOnlySpan<byte> decrypted, out int length)
    {
        var isPadded = IsPadded(decrypted);
        length = decrypted.Length - MacSize - 1 - (decrypted[^1] & isPadded);
        Span<byte> expected = stackalloc byte[MacSize];
        Span<byte> received = stackalloc byte[MacSize];
        Compute(macKey, header, decrypted, length, expected);
        Gather(decrypted, length, received);
        var isSame = CryptographicOperations.FixedTimeEquals(expected, received);
        return (isPadded != 0) & isSame;
    }

    // All ones where the last byte says n, n more bytes are n, and the MAC has room before them.
    private static int IsPadded(ReadOnlySpan<byte> decrypted)
    {
        int padding = decrypted[^1];
        var most = Math.Min(MaxPadding, decrypted.Length - 1);
        var wrong = 0;
        for (var i = 1; i <= most; i++)
        {
            wrong |= ~IsLess(padding, i) & (decrypted[^(i + 1)] ^ padding);
        }
        return IsSame(wrong, 0) & ~IsLess(decrypted.Length, padding + 1 + MacSize);
    }

    // The MAC of header, length and text, in as many compressions as the longest text of these bytes needs.
    [SkipLocalsInit]
    private static void Compute(ReadOnlySpan<byte> macKey, ReadOnlySpan<byte> header, ReadOnlySpan<byte> decrypted, int length, Span<byte> mac)
    {
        Span<byte> prefix = stackalloc byte[RecordCipher.MaxHeaderSize + sizeof(ushort)];
        prefix = prefix[..(header.Length + sizeof(ushort))];
        header.CopyTo(prefix);
        BinaryPrimitives.WriteUInt16BigEndian(prefix[header.Length..], (ushort)length);
        var hmac = new HmacSha256(macKey);
        Span<byte> block = stackalloc byte[Sha256.BlockSize];
        var (state, kept) = (hmac.Inner, default(Sha256State));
        var end = prefix.Length + length;
        var last = LastBlock(end);
        var count = LastBlock(prefix.Length + decrypted.Length - MacSize - 1) + 1;
        for (var i = 0; i < count; i++)
        {
            var isLast = IsSame(i, last);
            Fill(block, i * Sha256.BlockSize, prefix, decrypted, end);
            Finish(block, 8 * (Sha256.BlockSize + end), isLast);
            Sha256.Compress(state, block);
            for (var word = 0; word < MacSize / sizeof(uint); word++)
            {
                kept[word] |= state[word] & (uint)isLast;
            }
        }
        hmac.FinishOuter(kept, mac);
        hmac.Wipe();
    }

    // FIPS 180-4 §5.1.1: the end mark and eight bytes of length must follow the message.
    private static int LastBlock(int end) => (end + 1 + sizeof(long) - 1) / Sha256.BlockSize;

    // 64 bytes of the message from a place on: nothing after its end but the end mark.
    private static void Fill(Span<byte> block, int from, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> decrypted, int end)
    {
        for (var i = 0; i < block.Length; i++)
        {
            var at = from + i;
            var text = at - prefix.Length;
            var value = text < 0 ? prefix[at] : text < decrypted.Length ? decrypted[text] : 0;
            block[i] = (byte)((value & IsLess(at, end)) | (0x80 & IsSame(at, end)));
        }
    }

    private static void Finish(Span<byte> block, int bits, int isLast)
    {
        for (var i = 0; i < sizeof(int); i++)
        {
            block[^(i + 1)] |= (byte)((bits >> (8 * i)) & isLast);
        }
    }

    // The MAC that came: gathered modulo its size, then turned until its first byte is first.
    [SkipLocalsInit]
    private static void Gather(ReadOnlySpan<byte> decrypted, int start, Span<byte> mac)
    {
        var first = Math.Max(0, decrypted.Length - MacSize - 1 - MaxPadding);
        mac.Clear();
        for (var at = first; at < decrypted.Length; at++)
        {
            mac[(at - first) % MacSize] |= (byte)(decrypted[at] & ~IsLess(at, start) & IsLess(at, start + MacSize));
        }
        Span<byte> turned = stackalloc byte[MacSize];
        for (var step = 1; step < MacSize; step *= 2)
        {
            var keep = IsSame((start - first) & step, 0);
            for (var i = 0; i < MacSize; i++)
            {
                turned[i] = (byte)((mac[i] & keep) | (mac[(i + step) % MacSize] & ~keep));
            }
            turned.CopyTo(mac);
        }
        CryptographicOperations.ZeroMemory(turned);
    }

    // All ones or nothing, by the sign of a difference. Both are far from the ends of their range.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IsLess(int left, int right) => (left - right) >> 31;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IsSame(int left, int right) => ~(((left - right) | (right - left)) >> 31);
}
