using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Starling.Crypto;

/// <summary>
/// AES-128 forwards (FIPS 197) on the processor's instructions: no table is read, so no time tells of a key. The eleven round keys live as long as one
/// call: made from the sixteen bytes in some twenty nanoseconds, on the stack, and wiped there.
/// </summary>
[InlineArray(Rounds + 1)]
internal struct Aes128
{
    public const int KeySize = 16;
    public const int BlockSize = 16;
    private const int Rounds = 10;

    private Vector128<byte> _first;

    /// <summary>Whether this processor has the instructions.</summary>
    public static bool IsSupported => X86Aes.IsSupported || ArmAes.IsSupported;

    /// <summary>Makes the round keys (FIPS 197 §5.2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expand(ReadOnlySpan<byte> key)
    {
        var k = Vector128.Create(key);
        this[0] = k;
        if (X86Aes.IsSupported)
        {
            this[1] = k = Next(k, X86Aes.KeygenAssist(k, 0x01));
            this[2] = k = Next(k, X86Aes.KeygenAssist(k, 0x02));
            this[3] = k = Next(k, X86Aes.KeygenAssist(k, 0x04));
            this[4] = k = Next(k, X86Aes.KeygenAssist(k, 0x08));
            this[5] = k = Next(k, X86Aes.KeygenAssist(k, 0x10));
            this[6] = k = Next(k, X86Aes.KeygenAssist(k, 0x20));
            this[7] = k = Next(k, X86Aes.KeygenAssist(k, 0x40));
            this[8] = k = Next(k, X86Aes.KeygenAssist(k, 0x80));
            this[9] = k = Next(k, X86Aes.KeygenAssist(k, 0x1b));
            this[10] = Next(k, X86Aes.KeygenAssist(k, 0x36));
            return;
        }
        ReadOnlySpan<byte> constants = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1b, 0x36];
        for (var round = 1; round <= Rounds; round++)
        {
            this[round] = k = Next(k, SubstitutedOnArm(k, constants[round - 1]));
        }
    }

    /// <summary>Encrypts one block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<byte> Encrypt(Vector128<byte> a)
    {
        if (X86Aes.IsSupported)
        {
            a ^= this[0];
            for (var round = 1; round < Rounds; round++)
            {
                a = X86Aes.Encrypt(a, this[round]);
            }
            return X86Aes.EncryptLast(a, this[Rounds]);
        }
        for (var round = 0; round < Rounds - 1; round++)
        {
            a = ArmAes.MixColumns(ArmAes.Encrypt(a, this[round]));
        }
        return ArmAes.Encrypt(a, this[Rounds - 1]) ^ this[Rounds];
    }

    /// <summary>Encrypts two blocks side by side: the second costs next to nothing while the first waits for its rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Encrypt(ref Vector128<byte> a, ref Vector128<byte> b)
    {
        var (x, y) = (a, b);
        if (X86Aes.IsSupported)
        {
            x ^= this[0];
            y ^= this[0];
            for (var round = 1; round < Rounds; round++)
            {
                x = X86Aes.Encrypt(x, this[round]);
                y = X86Aes.Encrypt(y, this[round]);
            }
            (a, b) = (X86Aes.EncryptLast(x, this[Rounds]), X86Aes.EncryptLast(y, this[Rounds]));
            return;
        }
        for (var round = 0; round < Rounds - 1; round++)
        {
            x = ArmAes.MixColumns(ArmAes.Encrypt(x, this[round]));
            y = ArmAes.MixColumns(ArmAes.Encrypt(y, this[round]));
        }
        (a, b) = (ArmAes.Encrypt(x, this[Rounds - 1]) ^ this[Rounds], ArmAes.Encrypt(y, this[Rounds - 1]) ^ this[Rounds]);
    }

    /// <summary>Turns the round keys into those that decrypt (FIPS 197 §5.3.5).</summary>
    public void Invert()
    {
        for (var round = 1; round < Rounds; round++)
        {
            this[round] = X86Aes.IsSupported ? X86Aes.InverseMixColumns(this[round]) : ArmAes.InverseMixColumns(this[round]);
        }
    }

    /// <summary>Decrypts one block, with round keys that were inverted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<byte> Decrypt(Vector128<byte> a)
    {
        if (X86Aes.IsSupported)
        {
            a ^= this[Rounds];
            for (var round = Rounds - 1; round > 0; round--)
            {
                a = X86Aes.Decrypt(a, this[round]);
            }
            return X86Aes.DecryptLast(a, this[0]);
        }
        for (var round = Rounds; round > 1; round--)
        {
            a = ArmAes.InverseMixColumns(ArmAes.Decrypt(a, this[round]));
        }
        return ArmAes.Decrypt(a, this[1]) ^ this[0];
    }

    /// <summary>Forgets the round keys.</summary>
    public void Wipe() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref _first, Rounds + 1)));

    // Each word is the exclusive or of all words before it in the key and the substituted last one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Next(Vector128<byte> key, Vector128<byte> substituted)
    {
        var words = key.AsUInt32();
        words ^= Vector128.Shuffle(words, Vector128.Create(4u, 0, 1, 2));
        words ^= Vector128.Shuffle(words, Vector128.Create(4u, 4, 0, 1));
        return (words ^ Vector128.Shuffle(substituted.AsUInt32(), Vector128.Create(3u, 3, 3, 3))).AsByte();
    }

    // What KeygenAssist leaves in its last word. Where all four columns are the same, the instruction's shift of rows changes nothing, and what remains of it
    // is the substitution.
    private static Vector128<byte> SubstitutedOnArm(Vector128<byte> key, byte constant)
    {
        var columns = Vector128.Create(key.AsUInt32().GetElement(3)).AsByte();
        var word = ArmAes.Encrypt(columns, Vector128<byte>.Zero).AsUInt32().GetElement(3);
        return Vector128.Create(uint.RotateRight(word, 8) ^ constant).AsByte();
    }
}
