using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// GCM (NIST SP 800-38D §7) a block at a time. Neither the key stream nor the hash of one block waits for the other, and the processor finds that by itself.
/// </summary>
/// <code>
/// block i of the key stream: AES | nonce (12) | i + 1 (4) |      block 0 hides the tag
/// hash over: associated, zeros to the block's end | ciphertext, zeros | bits of associated (8) | bits of ciphertext (8)
/// </code>
internal struct GcmBlocks
{
    private Aes128 _aes;
    private Ghash _hash;
    private Vector128<byte> _mask;
    private Vector128<uint> _start;
    private uint _count;

    /// <summary>Whether this processor has the instructions.</summary>
    public static bool IsSupported => Aes128.IsSupported && Ghash.IsSupported;

    public static void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associated)
    {
        Unsafe.SkipInit(out GcmBlocks blocks);
        blocks.Begin(key, nonce, associated);
        var length = plaintext.Length;
        for (; plaintext.Length >= Aes128.BlockSize; plaintext = plaintext[Aes128.BlockSize..], ciphertext = ciphertext[Aes128.BlockSize..])
        {
            var block = Vector128.Create(plaintext) ^ blocks.NextStream();
            block.CopyTo(ciphertext);
            blocks._hash.Take(block);
        }
        if (!plaintext.IsEmpty)
        {
            PartialBlock.Write(PartialBlock.Read(plaintext) ^ blocks.NextStream(), ciphertext);
            blocks._hash.Take(PartialBlock.Read(ciphertext));
        }
        blocks.Tag(associated.Length, length).CopyTo(tag);
        blocks.Wipe();
    }

    public static bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        Unsafe.SkipInit(out GcmBlocks blocks);
        blocks.Begin(key, nonce, associated);
        var rest = plaintext;
        for (; ciphertext.Length >= Aes128.BlockSize; ciphertext = ciphertext[Aes128.BlockSize..], rest = rest[Aes128.BlockSize..])
        {
            var block = Vector128.Create(ciphertext);
            blocks._hash.Take(block);
            (block ^ blocks.NextStream()).CopyTo(rest);
        }
        if (!ciphertext.IsEmpty)
        {
            var block = PartialBlock.Read(ciphertext);
            blocks._hash.Take(block);
            PartialBlock.Write(block ^ blocks.NextStream(), rest);
        }
        Span<byte> expected = stackalloc byte[AesGcm128.TagSize];
        blocks.Tag(associated.Length, plaintext.Length).CopyTo(expected);
        blocks.Wipe();
        if (CryptographicOperations.FixedTimeEquals(expected, tag))
        {
            return true;
        }
        plaintext.Clear();
        return false;
    }

    private void Begin(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated)
    {
        _aes.Expand(key);
        _start = PartialBlock.Read(nonce).AsUInt32();
        _count = 1;
        _mask = Numbered(_start, _count);
        var hashKey = Vector128<byte>.Zero;
        _aes.Encrypt(ref _mask, ref hashKey);
        _hash = new Ghash(hashKey);
        for (; associated.Length >= Aes128.BlockSize; associated = associated[Aes128.BlockSize..])
        {
            _hash.Take(Vector128.Create(associated));
        }
        if (!associated.IsEmpty)
        {
            _hash.Take(PartialBlock.Read(associated));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> NextStream() => _aes.Encrypt(Numbered(_start, ++_count));

    private Vector128<byte> Tag(int associated, int text)
    {
        _hash.Take(Vector128.Create(BinaryPrimitives.ReverseEndianness(8L * associated), BinaryPrimitives.ReverseEndianness(8L * text)).AsByte());
        return _hash.Value ^ _mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Numbered(Vector128<uint> block, uint number) =>
        (block | Vector128.Create(0, 0, 0, BinaryPrimitives.ReverseEndianness(number))).AsByte();

    private void Wipe()
    {
        _aes.Wipe();
        (_hash, _mask) = (default, default);
    }
}
