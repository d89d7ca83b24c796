using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Starling.Crypto.Tests;

public sealed class Aes128Tests
{
    // FIPS 197 appendix C.1.
    [Fact]
    public void Published_block_is_encrypted_alone_and_beside_another_and_decrypted()
    {
        if (!Aes128.IsSupported)
        {
            return;
        }
        var aes = default(Aes128);
        aes.Expand(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"));
        var block = Vector128.Create<byte>(Convert.FromHexString("00112233445566778899aabbccddeeff"));
        var expected = Vector128.Create<byte>(Convert.FromHexString("69c4e0d86a7b0430d8cdb78070b4c55a"));
        Assert.Equal(expected, aes.Encrypt(block));
        var (first, second) = (block, Vector128<byte>.Zero);
        aes.Encrypt(ref first, ref second);
        Assert.Equal((expected, aes.Encrypt(Vector128<byte>.Zero)), (first, second));
        aes.Invert();
        Assert.Equal(block, aes.Decrypt(expected));
    }

    [Fact]
    public void Wiped_round_keys_are_gone()
    {
        if (!Aes128.IsSupported)
        {
            return;
        }
        var aes = default(Aes128);
        aes.Expand(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"));
        Assert.True(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref aes, 1)).ContainsAnyExcept((byte)0));
        aes.Wipe();
        Assert.True(!MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref aes, 1)).ContainsAnyExcept((byte)0));
    }
}
