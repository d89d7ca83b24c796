using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// HMAC-SHA256 (RFC 2104) of several messages with one key, in pieces, without an object: the two blocks that depend on the key only are taken once. Lives on
/// the stack of one call, which wipes it.
/// </summary>
internal struct HmacSha256
{
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5c;
    private const byte End = 0x80;
    private const int LengthSize = 8;

    private Sha256State _inner;
    private Sha256State _outer;
    private Sha256State _state;
    private Block _block;
    private int _length;

    /// <summary>Takes the key: any number of bytes, those beyond 64 hashed first.</summary>
    [SkipLocalsInit]
    public HmacSha256(ReadOnlySpan<byte> key)
    {
        Span<byte> padded = stackalloc byte[Sha256.BlockSize];
        padded.Clear();
        if (key.Length > Sha256.BlockSize)
        {
            SHA256.HashData(key, padded);
        }
        else
        {
            key.CopyTo(padded);
        }
        Start(padded, InnerPad, ref _inner);
        Start(padded, InnerPad ^ OuterPad, ref _outer);
        CryptographicOperations.ZeroMemory(padded);
        _state = _inner;
    }

    /// <summary>The state after the key's inner block.</summary>
    public readonly Sha256State Inner => _inner;

    /// <summary>Takes a piece of the message.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            var at = _length % Sha256.BlockSize;
            var size = Math.Min(piece.Length, Sha256.BlockSize - at);
            piece[..size].CopyTo(_block[at..]);
            piece = piece[size..];
            _length += size;
            if (at + size == Sha256.BlockSize)
            {
                Sha256.Compress(_state, _block);
            }
        }
    }

    /// <summary>Writes the MAC of the message, 32 bytes, and begins the next one.</summary>
    [SkipLocalsInit]
    public void Finish(Span<byte> mac)
    {
        var bits = 8L * (Sha256.BlockSize + _length);
        var at = _length % Sha256.BlockSize;
        _block[at++] = End;
        if (at > Sha256.BlockSize - LengthSize)
        {
            _block[at..].Clear();
            Sha256.Compress(_state, _block);
            at = 0;
        }
        _block[at..].Clear();
        BinaryPrimitives.WriteInt64BigEndian(_block[(Sha256.BlockSize - LengthSize)..], bits);
        Sha256.Compress(_state, _block);
        FinishOuter(_state, mac);
        _state = _inner;
        _length = 0;
    }

    /// <summary>Writes the MAC whose inner hash is the one given.</summary>
    [SkipLocalsInit]
    public readonly void FinishOuter(in Sha256State inner, Span<byte> mac)
    {
        Span<byte> block = stackalloc byte[Sha256.BlockSize];
        Sha256.Write(inner, block);
        block[Sha256.HashSize] = End;
        block[(Sha256.HashSize + 1)..].Clear();
        BinaryPrimitives.WriteInt32BigEndian(block[(Sha256.BlockSize - sizeof(int))..], 8 * (Sha256.BlockSize + Sha256.HashSize));
        var state = _outer;
        Sha256.Compress(state, block);
        Sha256.Write(state, mac);
    }

    /// <summary>Forgets key and message.</summary>
    public void Wipe() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref this, 1)));

    private static void Start(Span<byte> padded, byte pad, ref Sha256State state)
    {
        foreach (ref var b in padded)
        {
            b ^= pad;
        }
        Sha256.Begin(state);
        Sha256.Compress(state, padded);
    }

    [InlineArray(Sha256.BlockSize)]
    private struct Block
    {
        private byte _first;
    }
}
