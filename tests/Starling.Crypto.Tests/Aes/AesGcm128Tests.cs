namespace Starling.Crypto.Tests;

public sealed class AesGcm128Tests
{
    private static readonly Aead _own = new(AesGcm128.Seal, AesGcm128.TryOpen);
    private static readonly Aead _platform = new(GcmOfPlatform.Seal, GcmOfPlatform.TryOpen);

    // The GCM specification's test cases 1 to 4 (McGrew and Viega, appendix B).
    [Theory]
    [InlineData("00000000000000000000000000000000", "000000000000000000000000", "", "", "58e2fccefa7e3061367f1d57a4e7455a")]
    [InlineData("00000000000000000000000000000000", "000000000000000000000000", "", "00000000000000000000000000000000",
        "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf")]
    [InlineData("feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
        + "4d5c2af327cd64a62cf35abd2ba6fab4")]
    [InlineData("feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47")]
    public void Published_example_is_sealed(string key, string nonce, string associated, string plaintext, string expected)
    {
        Assert.Equal(expected, _own.SealedHex(key, nonce, plaintext, associated, AesGcm128.TagSize));
        Assert.Equal(expected, _platform.SealedHex(key, nonce, plaintext, associated, AesGcm128.TagSize));
    }

    [Fact]
    public void Random_cases_are_as_the_platform_does_them() =>
        AeadComparison.Run(_own, _platform, seed: 20_261_122, cases: 20_000, _ => new AeadCase(AesGcm128.NonceSize, AesGcm128.TagSize));

    [Fact]
    public void Long_text_is_as_the_platform_does_it()
    {
        var plaintext = new string('7', 2 * 70_001);
        Assert.Equal(
            _platform.SealedHex(new string('1', 32), new string('f', 24), plaintext, plaintext, AesGcm128.TagSize),
            _own.SealedHex(new string('1', 32), new string('f', 24), plaintext, plaintext, AesGcm128.TagSize));
    }

    [Theory]
    [InlineData(15, 12, 16, 0)]
    [InlineData(32, 12, 16, 0)]
    [InlineData(16, 11, 16, 0)]
    [InlineData(16, 13, 16, 0)]
    [InlineData(16, 12, 12, 0)]
    [InlineData(16, 12, 16, 1)]
    public void Sizes_other_than_these_are_misuse(int key, int nonce, int tag, int longer)
    {
        Assert.Throws<ArgumentException>(() => AesGcm128.Seal(new byte[key], new byte[nonce], new byte[5], new byte[5 + longer], new byte[tag], []));
        Assert.Throws<ArgumentException>(() => AesGcm128.TryOpen(new byte[key], new byte[nonce], new byte[5], new byte[tag], new byte[5 + longer], []));
    }

    [Fact]
    public void Sealing_and_opening_allocate_nothing()
    {
        byte[] key = new byte[16], nonce = new byte[12], text = new byte[100], tag = new byte[16], associated = new byte[13];
        var before = 0L;
        for (var i = 0; i < 20; i++)
        {
            before = i == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            AesGcm128.Seal(key, nonce, text, text, tag, associated);
            Assert.True(AesGcm128.TryOpen(key, nonce, text, tag, text, associated));
        }
        Assert.True(!GcmBlocks.IsSupported || before == GC.GetAllocatedBytesForCurrentThread());
    }
}
