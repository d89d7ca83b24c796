using System.Buffers.Binary;

namespace Starling.Crypto.Tests;

/// <summary>The check of MAC and padding on what is already decrypted, beside the plain way to do it.</summary>
public sealed class MacThenEncryptTests
{
    private static readonly byte[] _macKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private static readonly byte[] _header = [1, 2, 3, 4, 5, 6, 7, 8, 23, 254, 253];

    [Fact]
    public void Every_length_of_text_and_padding_is_taken()
    {
        for (var text = 0; text < 150; text++)
        {
            for (var padding = 0; padding < 256; padding += text < 3 ? 1 : 7)
            {
                var made = Make(text, padding);
                Assert.True(MacThenEncrypt.TryCheck(_macKey, _header, made, out var length), $"{text} bytes of text, {padding} of padding");
                Assert.Equal(text, length);
            }
        }
    }

    [Theory]
    [InlineData(0, 15)]
    [InlineData(5, 10)]
    [InlineData(1, 0)]
    [InlineData(30, 1)]
    [InlineData(77, 255)]
    public void Any_other_byte_is_refused(int text, int padding)
    {
        var made = Make(text, padding);
        for (var i = 0; i < made.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                made[i] ^= (byte)(1 << bit);
                Assert.False(MacThenEncrypt.TryCheck(_macKey, _header, made, out _), $"byte {i}, bit {bit}");
                made[i] ^= (byte)(1 << bit);
            }
        }
    }

    [Theory]
    [InlineData(33)]
    [InlineData(48)]
    [InlineData(288)]
    [InlineData(400)]
    public void Every_last_byte_of_nonsense_is_refused(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        for (var last = 0; last < 256; last++)
        {
            bytes[^1] = (byte)last;
            Assert.False(MacThenEncrypt.TryCheck(_macKey, _header, bytes, out _));
            Array.Fill(bytes, (byte)last);
            Assert.False(MacThenEncrypt.TryCheck(_macKey, _header, bytes, out _));
        }
    }

    [Fact]
    public void Header_and_key_are_part_of_it()
    {
        var made = Make(20, 11);
        byte[] header = [.. _header], key = [.. _macKey];
        header[0] ^= 1;
        key[31] ^= 1;
        Assert.False(MacThenEncrypt.TryCheck(_macKey, header, made, out _));
        Assert.False(MacThenEncrypt.TryCheck(key, _header, made, out _));
        Assert.False(MacThenEncrypt.TryCheck(_macKey, _header.AsSpan(1), made, out _));
    }

    [Fact]
    public void Longest_header_is_taken()
    {
        var header = new byte[RecordCipher.MaxHeaderSize];
        Assert.True(MacThenEncrypt.TryCheck(_macKey, header, Make(100, 3, header), out var length));
        Assert.Equal(100, length);
    }

    private static byte[] Make(int text, int padding, byte[]? header = null)
    {
        var made = new byte[text + 32 + padding + 1];
        new Random(text).NextBytes(made.AsSpan(0, text));
        var size = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)text);
        Reference.Hmac(_macKey, [.. header ?? _header, .. size, .. made.AsSpan(0, text)]).CopyTo(made, text);
        made.AsSpan(text + 32).Fill((byte)padding);
        return made;
    }
}
