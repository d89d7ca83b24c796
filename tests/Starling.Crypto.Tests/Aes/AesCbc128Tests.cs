using System.Security.Cryptography;

namespace Starling.Crypto.Tests;

public sealed class AesCbc128Tests
{
    [Fact]
    public void Random_cases_are_as_the_platform_does_them()
    {
        const int seed = 20_261_123;
        var random = new Random(seed);
        for (var i = 0; i < 5_000; i++)
        {
            byte[] key = new byte[16], vector = new byte[16], blocks = new byte[16 * random.Next(12)];
            random.NextBytes(key);
            random.NextBytes(vector);
            random.NextBytes(blocks);
            using var aes = Aes.Create();
            aes.SetKey(key);
            var text = (byte[])blocks.Clone();
            AesCbc128.Encrypt(key, vector, blocks);
            Assert.True(aes.EncryptCbc(text, vector, PaddingMode.None).AsSpan().SequenceEqual(blocks), $"seed {seed}, case {i}");
            AesCbc128.Decrypt(key, vector, blocks);
            Assert.True(text.AsSpan().SequenceEqual(blocks), $"seed {seed}, case {i}");
        }
    }
}
