using System.Buffers;

namespace Starling.Cbor.Tests;

public sealed class CborWriterTests
{
    [Theory]
    [InlineData(0.0, "f90000")]
    [InlineData(-0.0, "f98000")]
    [InlineData(21.5, "f94d60")]
    [InlineData(65504.0, "f97bff")]
    [InlineData(65536.0, "fa47800000")]
    [InlineData(12.34f, "fa414570a4")]
    [InlineData(1.1, "fb3ff199999999999a")]
    [InlineData(double.NaN, "f97e00")]
    [InlineData(double.PositiveInfinity, "f97c00")]
    [InlineData(1e39, "fb48078287f49c4a1d")]
    [InlineData(1e-50, "fb358dee7a4ad4b81f")]
    public void Float_takes_the_least_width_that_keeps_it(double value, string hex) =>
        Assert.Equal(hex, Written((ref CborWriter writer) => writer.WriteDouble(value)));

    [Theory]
    [InlineData(23, "17")]
    [InlineData(24, "1818")]
    [InlineData(255, "18ff")]
    [InlineData(256, "190100")]
    [InlineData(65536, "1a00010000")]
    [InlineData(4294967296, "1b0000000100000000")]
    [InlineData(long.MaxValue, "1b7fffffffffffffff")]
    [InlineData(-24, "37")]
    [InlineData(-25, "3818")]
    [InlineData(long.MinValue, "3b7fffffffffffffff")]
    public void Integer_takes_the_least_bytes(long value, string hex) =>
        Assert.Equal(hex, Written((ref CborWriter writer) => writer.WriteInteger(value)));

    [Fact]
    public void Integer_beyond_the_range_is_the_callers_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Written((ref CborWriter writer) => writer.WriteInteger((Int128)ulong.MaxValue + 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Written((ref CborWriter writer) => writer.WriteInteger(-(Int128)ulong.MaxValue - 2)));
    }

    [Fact]
    public void Count_below_zero_is_the_callers_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Written((ref CborWriter writer) => writer.WriteArray(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Written((ref CborWriter writer) => writer.WriteMap(-1)));
    }

    [Theory]
    [InlineData(24)]
    [InlineData(31)]
    public void Simple_value_that_cannot_be_written_is_the_callers_error(byte value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Written((ref CborWriter writer) => writer.WriteSimple(value)));

    [Fact]
    public void Text_of_utf16_and_of_utf8_are_the_same()
    {
        const string text = "grüß 水 𐅑";
        Assert.Equal(
            Written((ref CborWriter writer) => writer.WriteText(System.Text.Encoding.UTF8.GetBytes(text))),
            Written((ref CborWriter writer) => writer.WriteText(text)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(5000)]
    public void Long_text_passes_the_room_of_the_output(int length)
    {
        var text = new string('ü', length);
        var hex = Written((ref CborWriter writer) =>
        {
            writer.WriteText(text);
            writer.WriteText(text);
            writer.WriteInteger(7);
        });
        var reader = new CborReader(Convert.FromHexString(hex));
        Assert.True(reader.TryReadText(out var first) && reader.TryReadText(out var second) && first.SequenceEqual(second));
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(first));
        Assert.True(reader.TryReadInt64(out var seven) && seven == 7 && reader.IsAtEnd);
    }

    [Fact]
    public void Long_strings_and_many_items_pass_the_room_of_the_output()
    {
        var random = new Random(7);
        var bytes = new byte[5000];
        random.NextBytes(bytes);
        var hex = Written((ref CborWriter writer) =>
        {
            writer.WriteArray(1001);
            writer.WriteBytes(bytes);
            for (var i = 0; i < 1000; i++)
            {
                writer.WriteInteger(i);
            }
        });
        var reader = new CborReader(Convert.FromHexString(hex));
        Assert.True(reader.TryReadArray(out var remaining));
        Assert.Equal(1001, remaining);
        Assert.True(reader.HasNext(ref remaining) && reader.TryReadBytes(out var read) && read.SequenceEqual(bytes));
        for (var i = 0; reader.HasNext(ref remaining); i++)
        {
            Assert.True(reader.TryReadInt64(out var value));
            Assert.Equal(i, value);
        }
        Assert.True(reader.IsAtEnd);
    }

    private delegate void Writing(ref CborWriter writer);

    private static string Written(Writing write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(output);
        write(ref writer);
        writer.Flush();
        return Convert.ToHexStringLower(output.WrittenSpan);
    }
}
