using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Starling.Crypto;

/// <summary>
/// The compression function of SHA-256 (FIPS 180-4 §6.2.2). .NET hashes whole messages only; a MAC whose length is a secret needs the single step, and an HMAC
/// that begins where its key ends saves half of them. No branch and no address depends on what is hashed.
/// </summary>
internal static class Sha256
{
    public const int BlockSize = 64;
    public const int HashSize = 32;
    private const int Words = 16;
    private const int Rounds = 64;

    private static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private static ReadOnlySpan<uint> Beginning => [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    /// <summary>The state before the first block.</summary>
    public static void Begin(Span<uint> state) => Beginning.CopyTo(state);

    /// <summary>The hash that a state is.</summary>
    public static void Write(ReadOnlySpan<uint> state, Span<byte> hash)
    {
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[(4 * i)..], state[i]);
        }
    }

    /// <summary>Takes one block of 64 bytes into the state of eight words.</summary>
    [SkipLocalsInit]
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[Rounds];
        Schedule(words, block);
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var i = 0; i < Rounds; i += 8)
        {
            var w = words.Slice(i, 8);
            Round(a, b, c, ref d, e, f, g, ref h, w[0]);
            Round(h, a, b, ref c, d, e, f, ref g, w[1]);
            Round(g, h, a, ref b, c, d, e, ref f, w[2]);
            Round(f, g, h, ref a, b, c, d, ref e, w[3]);
            Round(e, f, g, ref h, a, b, c, ref d, w[4]);
            Round(d, e, f, ref g, h, a, b, ref c, w[5]);
            Round(c, d, e, ref f, g, h, a, ref b, w[6]);
            Round(b, c, d, ref e, f, g, h, ref a, w[7]);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // The words of the block and those made from them, four at a time, with each round's constant added.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Schedule(Span<uint> words, ReadOnlySpan<byte> block)
    {
        var constants = Constants;
        var (a, b, c, d) = (Load(block), Load(block[16..]), Load(block[32..]), Load(block[48..]));
        for (var i = 0; i < Rounds - Words; i += Vector128<uint>.Count)
        {
            (a + Vector128.Create(constants[i..])).CopyTo(words[i..]);
            (a, b, c, d) = (b, c, d, Next(a, b, c, d));
        }
        (a + Vector128.Create(constants[48..])).CopyTo(words[48..]);
        (b + Vector128.Create(constants[52..])).CopyTo(words[52..]);
        (c + Vector128.Create(constants[56..])).CopyTo(words[56..]);
        (d + Vector128.Create(constants[60..])).CopyTo(words[60..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Load(ReadOnlySpan<byte> block) =>
        Vector128.Shuffle(Vector128.Create(block), Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)).AsUInt32();

    // The four words after sixteen. The last two of them need the first two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Next(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d)
    {
        var early = Shifted(a, b);
        var next = a + (Rotated(early, 7) ^ Rotated(early, 18) ^ (early >>> 3)) + Shifted(c, d);
        next += SmallSigma1(Vector128.Shuffle(d, Vector128.Create(2u, 3, 4, 4)));
        return next + SmallSigma1(Vector128.Shuffle(next, Vector128.Create(4u, 4, 0, 1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Shifted(Vector128<uint> a, Vector128<uint> b) =>
        Vector128.Shuffle(a, Vector128.Create(1u, 2, 3, 4)) | Vector128.Shuffle(b, Vector128.Create(4u, 4, 4, 0));

    // Of zeros it is zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> SmallSigma1(Vector128<uint> value) => Rotated(value, 17) ^ Rotated(value, 19) ^ (value >>> 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotated(Vector128<uint> value, int count) => (value >>> count) | (value << (32 - count));

    // One round with the names turned instead of the values: what becomes the new e and the new a stands in d and h. What is ready first is added first, so
    // that one round waits for the other as little as can be.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(uint a, uint b, uint c, ref uint d, uint e, uint f, uint g, ref uint h, uint word)
    {
        var t = h + word + (g ^ (e & (f ^ g))) + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25));
        d += t;
        h = t + ((BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) | (c & (a | b))));
    }
}
