using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// CCM (RFC 3610 §2) a block at a time: while the checksum's block goes through its rounds, which nothing can hurry, the key stream of the next block is
/// made beside it. So sealing and opening take the same way, and the key stream costs almost nothing.
/// </summary>
/// <code>
///        byte 0                        1 … N    N+1 … 15
/// B_0   | associated? | tag | q − 1 |  nonce  |  length  |     q = 15 − N
/// A_i   |       0           | q − 1 |  nonce  |  i       |     A_0 hides the tag, A_1 … the text
/// </code>
internal struct CcmBlocks
{
    private const byte HasAssociated = 0x40;

    private Aes128 _aes;
    private Vector128<byte> _checksum;
    private Vector128<byte> _stream;
    private Vector128<byte> _mask;
    private Vector128<uint> _start;
    private uint _count;

    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        Unsafe.SkipInit(out CcmBlocks blocks);
        blocks.Begin(key, nonce, plaintext.Length, tag.Length, associated);
        for (; plaintext.Length >= Aes128.BlockSize; plaintext = plaintext[Aes128.BlockSize..], ciphertext = ciphertext[Aes128.BlockSize..])
        {
            var text = Vector128.Create(plaintext);
            (text ^ blocks._stream).CopyTo(ciphertext);
            blocks.Take(text);
        }
        if (!plaintext.IsEmpty)
        {
            var text = PartialBlock.Read(plaintext);
            PartialBlock.Write(text ^ blocks._stream, ciphertext);
            blocks.Take(text);
        }
        PartialBlock.Write(blocks._checksum ^ blocks._mask, tag);
        blocks.Wipe();
    }

    public static bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        Unsafe.SkipInit(out CcmBlocks blocks);
        blocks.Begin(key, nonce, ciphertext.Length, tag.Length, associated);
        var rest = plaintext;
        for (; ciphertext.Length >= Aes128.BlockSize; ciphertext = ciphertext[Aes128.BlockSize..], rest = rest[Aes128.BlockSize..])
        {
            var text = Vector128.Create(ciphertext) ^ blocks._stream;
            text.CopyTo(rest);
            blocks.Take(text);
        }
        if (!ciphertext.IsEmpty)
        {
            PartialBlock.Write(PartialBlock.Read(ciphertext) ^ blocks._stream, rest);
            blocks.Take(PartialBlock.Read(rest));
        }
        Span<byte> expected = stackalloc byte[Aes128.BlockSize];
        (blocks._checksum ^ blocks._mask).CopyTo(expected);
        blocks.Wipe();
        if (CryptographicOperations.FixedTimeEquals(expected[..tag.Length], tag))
        {
            return true;
        }
        plaintext.Clear();
        return false;
    }

    private void Begin(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, int length, int tagLength, ReadOnlySpan<byte> associated)
    {
        _aes.Expand(key);
        var lengthSize = 14 - nonce.Length;
        Span<byte> block = stackalloc byte[Aes128.BlockSize];
        block.Clear();
        block[0] = (byte)lengthSize;
        nonce.CopyTo(block[1..]);
        _start = Vector128.Create<byte>(block).AsUInt32();
        _count = 1;
        _mask = _start.AsByte();
        _stream = Numbered(_start, 1);
        _aes.Encrypt(ref _mask, ref _stream);
        // The length is below 2^32 and fits where it stands, so the last word has room for it beside the nonce.
        block[0] = (byte)((associated.IsEmpty ? 0 : HasAssociated) | ((tagLength - 2) / 2 << 3) | lengthSize);
        _checksum = _aes.Encrypt(Numbered(Vector128.Create<byte>(block).AsUInt32(), (uint)length));
        if (!associated.IsEmpty)
        {
            TakeAssociated(associated, block);
        }
    }

    // §2.2: the length in two bytes or, from 2^16 − 2^8 up, in six; then the bytes; then zeros to the end of the block.
    private void TakeAssociated(ReadOnlySpan<byte> associated, Span<byte> block)
    {
        var head = associated.Length < 0xff00 ? 2 : 6;
        block.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(block, (ushort)(head == 2 ? associated.Length : 0xfffe));
        if (head == 6)
        {
            BinaryPrimitives.WriteInt32BigEndian(block[2..], associated.Length);
        }
        var first = Math.Min(associated.Length, Aes128.BlockSize - head);
        associated[..first].CopyTo(block[head..]);
        _checksum = _aes.Encrypt(_checksum ^ Vector128.Create<byte>(block));
        associated = associated[first..];
        for (; associated.Length >= Aes128.BlockSize; associated = associated[Aes128.BlockSize..])
        {
            _checksum = _aes.Encrypt(_checksum ^ Vector128.Create(associated));
        }
        if (!associated.IsEmpty)
        {
            _checksum = _aes.Encrypt(_checksum ^ PartialBlock.Read(associated));
        }
    }

    // Takes one block of text into the checksum, and makes the key stream of the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(Vector128<byte> text)
    {
        _checksum ^= text;
        _stream = Numbered(_start, ++_count);
        _aes.Encrypt(ref _checksum, ref _stream);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Numbered(Vector128<uint> block, uint number) =>
        (block | Vector128.Create(0, 0, 0, BinaryPrimitives.ReverseEndianness(number))).AsByte();

    private void Wipe()
    {
        _aes.Wipe();
        (_mask, _stream) = (default, default);
    }
}
