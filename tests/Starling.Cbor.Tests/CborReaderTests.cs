namespace Starling.Cbor.Tests;

public sealed class CborReaderTests
{
    [Theory]
    [InlineData("00", 0)]
    [InlineData("1a00000000", 0)]
    [InlineData("1b0000000000000001", 1)]
    [InlineData("1b7fffffffffffffff", long.MaxValue)]
    [InlineData("3b7fffffffffffffff", long.MinValue)]
    [InlineData("20", -1)]
    public void Integer_of_any_width_is_read(string hex, long expected)
    {
        var reader = Reader(hex);
        Assert.True(reader.TryReadInt64(out var value));
        Assert.Equal(expected, value);
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData("1b8000000000000000")]
    [InlineData("3b8000000000000000")]
    [InlineData("3bffffffffffffffff")]
    public void Integer_beyond_64_bits_overflows_clearly(string hex)
    {
        var reader = Reader(hex);
        Assert.False(reader.TryReadInt64(out var value));
        Assert.Equal((0L, CborError.Overflow), (value, reader.Error));
    }

    [Fact]
    public void Integer_of_the_full_range_is_read_as_such()
    {
        var least = Reader("3bffffffffffffffff");
        Assert.True(least.TryReadInteger(out var value));
        Assert.Equal(-((Int128)ulong.MaxValue) - 1, value);
        var most = Reader("1bffffffffffffffff");
        Assert.True(most.TryReadUInt64(out var unsigned));
        Assert.Equal(ulong.MaxValue, unsigned);
        var negative = Reader("20");
        Assert.False(negative.TryReadUInt64(out _));
        Assert.Equal(CborError.Overflow, negative.Error);
    }

    [Theory]
    [InlineData("1c")]             // reserved argument lengths (RFC 8949 §3)
    [InlineData("5d00")]
    [InlineData("de")]
    [InlineData("fc")]
    [InlineData("1f")]             // length not told, where it must be
    [InlineData("3f")]
    [InlineData("df00")]
    [InlineData("ff")]             // break out of place
    [InlineData("81ff")]
    [InlineData("bf00ff")]         // half a pair
    [InlineData("9fc0ff")]         // a tag without its item
    [InlineData("f800")]           // simple values in a longer form than needed
    [InlineData("f81f")]
    [InlineData("5f6101ff")]       // chunks of another kind
    [InlineData("5f5f4100ffff")]
    [InlineData("7f4100ff")]
    [InlineData("7f00ff")]
    public void Item_that_is_not_well_formed_is_refused(string hex)
    {
        var reader = Reader(hex);
        Assert.False(reader.TrySkip());
        Assert.Equal(CborError.Malformed, reader.Error);
        Assert.Null(Diagnostic.Of(Convert.FromHexString(hex), out var error));
        Assert.Equal(CborError.Malformed, error);
    }

    [Theory]
    [InlineData("61ff")]
    [InlineData("62c328")]
    [InlineData("7f61c361bcff")]   // a character over two chunks (RFC 8949 §3.2.3)
    public void Text_that_is_not_utf8_is_refused(string hex)
    {
        var reader = Reader(hex);
        Assert.False(reader.TryReadText(out var text));
        Assert.True(text.IsEmpty);
        Assert.Equal(CborError.NotText, reader.Error);
    }

    [Theory]
    [InlineData("9b7fffffffffffffff00")]
    [InlineData("9a7fffffff00")]
    [InlineData("bb4000000000000000")]
    [InlineData("a10000a1")]
    [InlineData("5bffffffffffffffff00")]
    [InlineData("7a7fffffff61")]
    [InlineData("1b00")]
    public void Length_beyond_the_input_is_truncated_without_making_room(string hex)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = Reader(hex);
        while (reader.TrySkip() && !reader.IsAtEnd)
        {
        }
        Assert.Equal(CborError.Truncated, reader.Error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);
    }

    [Fact]
    public void Many_strings_in_chunks_make_room_for_no_more_than_themselves()
    {
        var many = Enumerable.Repeat(Convert.FromHexString("7f61786179ff"), 10_000).SelectMany(b => b).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new CborReader(many);
        while (reader.TryReadText(out var text))
        {
            Assert.True(text.SequenceEqual("xy"u8));
        }
        Assert.True(reader.IsAtEnd);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * many.Length);
    }

    [Fact]
    public void Depth_beyond_the_limit_is_refused()
    {
        var nested = new byte[CborReader.UsualDepth + 2];
        Array.Fill(nested, (byte)0x81);
        nested[^1] = 0;
        var deep = new CborReader(nested);
        Assert.False(deep.TrySkip());
        Assert.Equal(CborError.TooDeep, deep.Error);
        var just = new CborReader(nested.AsSpan(1));
        Assert.True(just.TrySkip());
    }

    [Fact]
    public void Depth_that_was_entered_counts_for_skipping()
    {
        var reader = new CborReader(Convert.FromHexString("81818100"), maxDepth: 2);
        Assert.True(reader.TryReadArray(out var outer));
        Assert.True(reader.HasNext(ref outer));
        Assert.False(reader.TrySkip());
        Assert.Equal(CborError.TooDeep, reader.Error);
    }

    [Fact]
    public void Depth_is_given_back_when_an_array_ends()
    {
        var reader = new CborReader(Convert.FromHexString("8281009fff"), maxDepth: 2);
        Assert.True(reader.TryReadArray(out var outer));
        Assert.True(reader.HasNext(ref outer));
        Assert.True(reader.TrySkip());
        Assert.True(reader.HasNext(ref outer));
        Assert.True(reader.TryReadArray(out var inner));
        Assert.Equal(-1, inner);
        Assert.False(reader.HasNext(ref inner));
        Assert.False(reader.HasNext(ref outer));
        Assert.True(reader.IsAtEnd);
        Assert.Equal(CborError.None, reader.Error);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(CborReader.MaxDepth + 1)]
    public void Depth_limit_out_of_range_is_the_callers_error(int depth) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CborReader([], depth).IsAtEnd);

    [Fact]
    public void Skip_of_the_deepest_nesting_passes()
    {
        var nested = Enumerable.Repeat((byte)0xbf, CborReader.MaxDepth).ToArray();
        byte[] keyed = [.. nested.SelectMany(b => new byte[] { b, 0 }), 0, .. Enumerable.Repeat((byte)0xff, CborReader.MaxDepth)];
        var reader = new CborReader(keyed, CborReader.MaxDepth);
        Assert.True(reader.TrySkip());
        Assert.True(reader.IsAtEnd);
    }

    [Theory]
    [InlineData(0x81)]
    [InlineData(0x9f)]
    [InlineData(0xbf)]
    [InlineData(0xa1)]
    public void Skip_of_more_than_the_deepest_nesting_is_refused(byte head)
    {
        foreach (var depth in new[] { 0, 1, CborReader.MaxDepth })
        {
            var nested = Enumerable.Repeat(head, 300).SelectMany(b => b >= 0xa0 ? new byte[] { b, 0 } : [b]).ToArray();
            var reader = new CborReader(nested, depth);
            Assert.False(reader.TrySkip());
            Assert.Equal(CborError.TooDeep, reader.Error);
        }
    }

    [Fact]
    public void Many_tags_in_a_row_do_not_recurse()
    {
        var tags = new byte[100_000];
        Array.Fill(tags, (byte)0xc1);
        tags[^1] = 0;
        var reader = new CborReader(tags);
        Assert.True(reader.TrySkip());
    }

    [Fact]
    public void Other_kind_than_asked_for_stops_the_reader()
    {
        var reader = Reader("6161");
        Assert.False(reader.TryReadInt64(out _));
        Assert.Equal(CborError.OtherKind, reader.Error);
        Assert.Equal(0, reader.Position);
        Assert.Equal(CborKind.None, reader.Peek());
        Assert.False(reader.TryReadText(out _));
    }

    [Theory]
    [InlineData("f90001", 5.960464477539063e-8)]
    [InlineData("fa3f800000", 1.0)]
    [InlineData("fb3ff199999999999a", 1.1)]
    [InlineData("f9fc00", double.NegativeInfinity)]
    public void Float_of_any_width_is_read(string hex, double expected)
    {
        var reader = Reader(hex);
        Assert.True(reader.TryReadDouble(out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Chunks_are_joined()
    {
        var text = Reader("7f657374726561646d696e6760ff");
        Assert.True(text.TryReadText(out var utf8));
        Assert.Equal("streaming"u8.ToArray(), utf8.ToArray());
        var none = Reader("5fff");
        Assert.True(none.TryReadBytes(out var bytes));
        Assert.True(bytes.IsEmpty);
        Assert.True(none.IsAtEnd);
    }

    private static CborReader Reader(string hex) => new(Convert.FromHexString(hex));
}
