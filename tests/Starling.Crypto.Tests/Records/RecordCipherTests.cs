using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Starling.Crypto.Tests;

public sealed class RecordCipherTests
{
    private static readonly byte[] _header = Convert.FromHexString("000100000000000517fefd");
    private static readonly byte[] _explicitNonce = Convert.FromHexString("0001000000000005");
    private static readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();

    private static readonly RecordCipher[] _ciphers =
        [RecordCipher.AesCcm8, RecordCipher.AesCcm, RecordCipher.AesGcm, RecordCipher.AesCbcSha256, RecordCipher.AesCbcSha256EncryptThenMac];

    public static TheoryData<int> Ciphers => [.. Enumerable.Range(0, _ciphers.Length)];

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Text_of_any_length_comes_back(int number)
    {
        var (cipher, keys) = Cipher(number);
        for (var length = 0; length < 300; length++)
        {
            var text = Text(length);
            var fragment = new byte[length + cipher.MaxOverhead];
            var size = cipher.Seal(keys, _header, _explicitNonce, text, fragment, _random);
            Assert.Equal(cipher.SealedSize(length), size);
            Assert.True(cipher.TryOpen(keys, _header, fragment.AsSpan(0, size), out var plaintext));
            Assert.Equal(text, fragment[plaintext]);
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Text_that_lies_in_place_is_sealed_there(int number)
    {
        var (cipher, keys) = Cipher(number);
        var fragment = new byte[100 + cipher.MaxOverhead];
        var text = fragment.AsSpan(cipher.PlaintextOffset, 100);
        Text(100).CopyTo(text);
        var size = cipher.Seal(keys, _header, _explicitNonce, text, fragment, _random);
        Assert.True(cipher.TryOpen(keys, _header, fragment.AsSpan(0, size), out var plaintext));
        Assert.Equal(Text(100), fragment[plaintext]);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Any_other_bit_is_refused_and_leaves_no_text(int number)
    {
        var (cipher, keys) = Cipher(number);
        var sealedOnce = new byte[cipher.SealedSize(40)];
        cipher.Seal(keys, _header, _explicitNonce, Text(40), sealedOnce, _random);
        for (var bit = 0; bit < 8 * sealedOnce.Length; bit++)
        {
            var fragment = (byte[])sealedOnce.Clone();
            fragment[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(cipher.TryOpen(keys, _header, fragment, out _), $"bit {bit}");
            Assert.Equal(-1, fragment.AsSpan().IndexOf(Text(40).AsSpan(0, 8)));
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Every_cut_and_lengthened_fragment_is_refused(int number)
    {
        var (cipher, keys) = Cipher(number);
        var fragment = new byte[cipher.SealedSize(40) + 64];
        var size = cipher.Seal(keys, _header, _explicitNonce, Text(40), fragment, _random);
        for (var length = 0; length <= fragment.Length; length++)
        {
            Assert.Equal(length == size, cipher.TryOpen(keys, _header, fragment.AsSpan(0, length).ToArray(), out _));
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Another_header_or_key_is_refused(int number)
    {
        var (cipher, keys) = Cipher(number);
        var fragment = new byte[cipher.SealedSize(40)];
        cipher.Seal(keys, _header, _explicitNonce, Text(40), fragment, _random);
        for (var i = 0; i < _header.Length; i++)
        {
            var header = (byte[])_header.Clone();
            header[i] ^= 1;
            Assert.False(cipher.TryOpen(keys, header, (byte[])fragment.Clone(), out _), $"header {i}");
        }
        for (var i = 0; i < keys.Length; i++)
        {
            var other = (byte[])keys.Clone();
            other[i] ^= 1;
            Assert.False(cipher.TryOpen(other, _header, (byte[])fragment.Clone(), out _), $"key {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Sealing_and_opening_allocate_nothing(int number)
    {
        var (cipher, keys) = Cipher(number);
        var fragment = new byte[cipher.SealedSize(100)];
        var before = 0L;
        for (var i = 0; i < 20; i++)
        {
            before = i == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            cipher.Seal(keys, _header, _explicitNonce, fragment.AsSpan(cipher.PlaintextOffset, 100), fragment, _random);
            Assert.True(cipher.TryOpen(keys, _header, fragment, out _));
        }
        Assert.True(!GcmBlocks.IsSupported || before == GC.GetAllocatedBytesForCurrentThread());
    }

    // RFC 5246 §6.2.3.3 put together from .NET's own parts.
    [Theory]
    [InlineData(0, 8)]
    [InlineData(1, 16)]
    public void Ccm_record_is_as_RFC_6655_says(int number, int tagSize)
    {
        var (cipher, keys) = Cipher(number);
        var fragment = new byte[cipher.SealedSize(33)];
        cipher.Seal(keys, _header, _explicitNonce, Text(33), fragment, _random);
        using var ccm = new AesCcm(keys.AsSpan(0, 16));
        var expected = new byte[33 + tagSize];
        ccm.Encrypt([.. keys[16..], .. _explicitNonce], Text(33), expected.AsSpan(0, 33), expected.AsSpan(33), [.. _header, 0, 33]);
        Assert.Equal([.. _explicitNonce, .. expected], fragment);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cbc_record_is_as_RFC_5246_and_RFC_7366_say(bool encryptThenMac)
    {
        var (cipher, keys) = Cipher(encryptThenMac ? 4 : 3);
        var fragment = new byte[cipher.SealedSize(33)];
        cipher.Seal(keys, _header, _explicitNonce, Text(33), fragment, _random);
        using var aes = Aes.Create();
        aes.SetKey(keys.AsSpan(32));
        var macKey = keys[..32];
        var iv = fragment[..16];
        byte[] inside = encryptThenMac ? [.. Text(33), .. Padding(15)] : [.. Text(33), .. Reference.Hmac(macKey, [.. _header, 0, 33, .. Text(33)]), .. Padding(15)];
        byte[] outside = [.. iv, .. aes.EncryptCbc(inside, iv, PaddingMode.None)];
        Assert.Equal(encryptThenMac ? [.. outside, .. Reference.Hmac(macKey, [.. _header, 0, (byte)outside.Length, .. outside])] : outside, fragment);
    }

    // Longer padding than needed hides how long a text is; RFC 5246 §6.2.3.2 lets a peer do so.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cbc_record_with_the_longest_padding_is_opened(bool encryptThenMac)
    {
        var (cipher, keys) = Cipher(encryptThenMac ? 4 : 3);
        using var aes = Aes.Create();
        aes.SetKey(keys.AsSpan(32));
        var iv = new byte[16];
        var macKey = keys[..32];
        byte[] inside = encryptThenMac ? [.. Text(16), .. Padding(256)] : [.. Text(16), .. Reference.Hmac(macKey, [.. _header, 0, 16, .. Text(16)]), .. Padding(256)];
        byte[] outside = [.. iv, .. aes.EncryptCbc(inside, iv, PaddingMode.None)];
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)outside.Length);
        byte[] fragment = encryptThenMac ? [.. outside, .. Reference.Hmac(macKey, [.. _header, .. length, .. outside])] : outside;
        Assert.True(cipher.TryOpen(keys, _header, fragment, out var plaintext));
        Assert.Equal(Text(16), fragment[plaintext]);
    }

    [Fact]
    public void Key_block_is_dealt_in_the_order_of_RFC_5246()
    {
        var (cipher, _) = Cipher(3);
        var block = Enumerable.Range(0, 2 * cipher.KeyMaterialSize).Select(i => (byte)i).ToArray();
        byte[] client = new byte[cipher.KeyMaterialSize], server = new byte[cipher.KeyMaterialSize];
        cipher.Deal(block, client, server);
        Assert.Equal([.. block[..32], .. block[64..80]], client);
        Assert.Equal([.. block[32..64], .. block[80..]], server);
        (client, server) = (new byte[20], new byte[20]);
        RecordCipher.AesCcm8.Deal(block.AsSpan(0, 40), client, server);
        Assert.Equal([.. block[..16], .. block[32..36]], client);
        Assert.Equal([.. block[16..32], .. block[36..40]], server);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Sizes_that_no_record_has_are_misuse(int number)
    {
        var (cipher, keys) = Cipher(number);
        var fragment = new byte[70_000];
        Assert.Throws<ArgumentException>(() => cipher.Seal(keys.AsSpan(1), _header, _explicitNonce, Text(3), fragment, _random));
        Assert.Throws<ArgumentException>(() => cipher.Seal(keys, new byte[RecordCipher.MaxHeaderSize + 1], _explicitNonce, Text(3), fragment, _random));
        Assert.Throws<ArgumentException>(() => cipher.Seal(keys, _header, _explicitNonce, new byte[RecordCipher.MaxPlaintext + 1], fragment, _random));
        Assert.False(cipher.TryOpen(keys, _header, fragment, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(9)]
    public void Nonce_of_another_size_is_misuse(int size)
    {
        foreach (var number in new[] { 0, 1, 2 })
        {
            var (cipher, keys) = Cipher(number);
            Assert.Throws<ArgumentException>(() => cipher.Seal(keys, _header, new byte[size], Text(3), new byte[100], _random));
        }
    }

    private static (RecordCipher Cipher, byte[] Keys) Cipher(int number)
    {
        var keys = new byte[_ciphers[number].KeyMaterialSize];
        new Random(number).NextBytes(keys);
        return (_ciphers[number], keys);
    }

    private static byte[] Text(int length)
    {
        var text = new byte[length];
        new Random(length).NextBytes(text);
        return text;
    }

    private static byte[] Padding(int length) => [.. Enumerable.Repeat((byte)(length - 1), length)];
}
