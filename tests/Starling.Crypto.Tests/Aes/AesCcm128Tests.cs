using System.Security.Cryptography;

namespace Starling.Crypto.Tests;

public sealed class AesCcm128Tests
{
    private static readonly Aead _own = new(AesCcm128.Seal, AesCcm128.TryOpen);
    private static readonly Aead _platform = new(CcmOfPlatform.Seal, CcmOfPlatform.TryOpen);

    // RFC 3610 §8, packet vectors 1, 2, 7 and 13; SP 800-38C appendix C, examples 1 to 3.
    [Theory]
    [InlineData("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", "00000003020100a0a1a2a3a4a5", "0001020304050607", "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e", 8,
        "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0")]
    [InlineData("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", "00000004030201a0a1a2a3a4a5", "0001020304050607", "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 8,
        "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916")]
    [InlineData("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", "00000009080706a0a1a2a3a4a5", "0001020304050607", "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e", 10,
        "0135d1b2c95f41d5d1d4fec185d166b8094e999dfed96c048c56602c97acbb7490")]
    [InlineData("d7828d13b2b0bdc325a76236df93cc6b", "00412b4ea9cdbe3c9696766cfa", "0be1a88bace018b1", "08e8cf97d820ea258460e96ad9cf5289054d895ceac47c", 8,
        "4cb97f86a2a4689a877947ab8091ef5386a6ffbdd080f8e78cf7cb0cddd7b3")]
    [InlineData("404142434445464748494a4b4c4d4e4f", "10111213141516", "0001020304050607", "20212223", 4, "7162015b4dac255d")]
    [InlineData("404142434445464748494a4b4c4d4e4f", "1011121314151617", "000102030405060708090a0b0c0d0e0f", "202122232425262728292a2b2c2d2e2f", 6,
        "d2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd")]
    [InlineData("404142434445464748494a4b4c4d4e4f", "101112131415161718191a1b", "000102030405060708090a0b0c0d0e0f10111213",
        "202122232425262728292a2b2c2d2e2f3031323334353637", 8, "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951")]
    public void Published_example_is_sealed_and_opened(string key, string nonce, string associated, string plaintext, int tagSize, string expected)
    {
        Assert.Equal(expected, _own.SealedHex(key, nonce, plaintext, associated, tagSize));
        Assert.Equal(expected, _platform.SealedHex(key, nonce, plaintext, associated, tagSize));
        var bytes = Convert.FromHexString(expected);
        var opened = new byte[bytes.Length - tagSize];
        Assert.True(AesCcm128.TryOpen(Convert.FromHexString(key), Convert.FromHexString(nonce), bytes.AsSpan(0, opened.Length), bytes.AsSpan(opened.Length), opened,
            Convert.FromHexString(associated)));
        Assert.Equal(plaintext, Convert.ToHexStringLower(opened));
    }

    // SP 800-38C appendix C, example 4: 65 536 associated bytes, so their length stands in six.
    [Fact]
    public void Published_example_with_long_associated_bytes_is_sealed()
    {
        var associated = Convert.ToHexStringLower(Enumerable.Range(0, 65_536).Select(i => (byte)i).ToArray());
        Assert.Equal(
            "69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72b4ac6bec93e8598e7f0dadbcea5b",
            _own.SealedHex("404142434445464748494a4b4c4d4e4f", "101112131415161718191a1b1c", "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
                associated, 14));
    }

    [Fact]
    public void Random_cases_are_as_the_platform_does_them() => AeadComparison.Run(_own, _platform, seed: 20_261_121, cases: 20_000, random => new AeadCase(
        Nonce: random.Next(AesCcm128.MinNonceSize, AesCcm128.MaxNonceSize + 1), Tag: 2 * random.Next(2, 9)));

    [Theory]
    [InlineData(65_279)]
    [InlineData(65_280)]
    [InlineData(65_281)]
    public void Associated_bytes_around_the_longer_length_are_as_the_platform_does_them(int length)
    {
        var associated = new string('5', 2 * length);
        Assert.Equal(
            _platform.SealedHex(new string('1', 32), new string('2', 24), "616263", associated, 8),
            _own.SealedHex(new string('1', 32), new string('2', 24), "616263", associated, 8));
    }

    [Theory]
    [InlineData(13, 65_535)]
    [InlineData(12, 65_536)]
    [InlineData(11, 65_537)]
    public void Longest_text_of_a_nonce_is_as_the_platform_does_it(int nonce, int length)
    {
        var plaintext = new string('7', 2 * length);
        Assert.Equal(
            _platform.SealedHex(new string('1', 32), new string('f', 2 * nonce), plaintext, "", 16),
            _own.SealedHex(new string('1', 32), new string('f', 2 * nonce), plaintext, "", 16));
    }

    [Fact]
    public void Text_too_long_for_its_nonce_is_refused()
    {
        var text = new byte[65_536];
        Assert.Throws<ArgumentException>(() => AesCcm128.Seal(new byte[16], new byte[13], text, text, new byte[8], []));
        Array.Fill(text, (byte)1);
        Assert.False(AesCcm128.TryOpen(new byte[16], new byte[13], text, new byte[8], text, []));
        Assert.All(text, b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(15, 12, 8, 0)]
    [InlineData(32, 12, 8, 0)]
    [InlineData(16, 6, 8, 0)]
    [InlineData(16, 14, 8, 0)]
    [InlineData(16, 12, 2, 0)]
    [InlineData(16, 12, 9, 0)]
    [InlineData(16, 12, 18, 0)]
    [InlineData(16, 12, 8, 1)]
    public void Sizes_that_CCM_does_not_have_are_misuse(int key, int nonce, int tag, int longer)
    {
        Assert.Throws<ArgumentException>(() => AesCcm128.Seal(new byte[key], new byte[nonce], new byte[5], new byte[5 + longer], new byte[tag], []));
        Assert.Throws<ArgumentException>(() => AesCcm128.TryOpen(new byte[key], new byte[nonce], new byte[5], new byte[tag], new byte[5 + longer], []));
    }

    [Fact]
    public void Texts_that_half_overlap_are_misuse()
    {
        var bytes = new byte[64];
        Assert.Throws<ArgumentException>(() => AesCcm128.Seal(new byte[16], new byte[12], bytes.AsSpan(0, 40), bytes.AsSpan(1, 40), new byte[8], []));
        Assert.Throws<ArgumentException>(() => AesCcm128.TryOpen(new byte[16], new byte[12], bytes.AsSpan(1, 40), new byte[8], bytes.AsSpan(0, 40), []));
    }

    [Fact]
    public void Sealing_and_opening_allocate_nothing()
    {
        byte[] key = RandomNumberGenerator.GetBytes(16), nonce = new byte[12], text = new byte[100], tag = new byte[8], associated = new byte[13];
        var before = 0L;
        for (var i = 0; i < 20; i++)
        {
            before = i == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            AesCcm128.Seal(key, nonce, text, text, tag, associated);
            Assert.True(AesCcm128.TryOpen(key, nonce, text, tag, text, associated));
        }
        Assert.True(!Aes128.IsSupported || before == GC.GetAllocatedBytesForCurrentThread());
    }
}
