using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// AES-CBC with keys of 128 bits (NIST SP 800-38A §6.2) on whole blocks in place, without an object: what is around it pads and authenticates. It runs on the
/// processor's AES instructions, and on .NET's <see cref="Aes"/> where there are none.
/// </summary>
internal static class AesCbc128
{
    public static void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> vector, Span<byte> blocks)
    {
        if (Aes128.IsSupported)
        {
            EncryptHere(key, vector, blocks);
            return;
        }
        using var aes = Aes.Create();
        aes.SetKey(key);
        aes.EncryptCbc(blocks, vector, blocks, PaddingMode.None);
    }

    public static void Decrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> vector, Span<byte> blocks)
    {
        if (Aes128.IsSupported)
        {
            DecryptHere(key, vector, blocks);
            return;
        }
        using var aes = Aes.Create();
        aes.SetKey(key);
        aes.DecryptCbc(blocks, vector, blocks, PaddingMode.None);
    }

    [SkipLocalsInit]
    private static void EncryptHere(ReadOnlySpan<byte> key, ReadOnlySpan<byte> vector, Span<byte> blocks)
    {
        Unsafe.SkipInit(out Aes128 aes);
        aes.Expand(key);
        var last = Vector128.Create(vector);
        for (; !blocks.IsEmpty; blocks = blocks[Aes128.BlockSize..])
        {
            last = aes.Encrypt(last ^ Vector128.Create<byte>(blocks));
            last.CopyTo(blocks);
        }
        aes.Wipe();
    }

    [SkipLocalsInit]
    private static void DecryptHere(ReadOnlySpan<byte> key, ReadOnlySpan<byte> vector, Span<byte> blocks)
    {
        Unsafe.SkipInit(out Aes128 aes);
        aes.Expand(key);
        aes.Invert();
        var last = Vector128.Create(vector);
        for (; !blocks.IsEmpty; blocks = blocks[Aes128.BlockSize..])
        {
            var block = Vector128.Create<byte>(blocks);
            (aes.Decrypt(block) ^ last).CopyTo(blocks);
            last = block;
        }
        aes.Wipe();
    }
}
