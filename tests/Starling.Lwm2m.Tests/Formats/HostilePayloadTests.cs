using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>Every format that carries several values has the same bounds: records, depth, and room and time in proportion to the payload.</summary>
public sealed class HostilePayloadTests
{
    private const int Size = 1 << 20;

    public static TheoryData<int> Formats => [110, 112, 320, 322, 11542, 11543, 11544];

    [Theory]
    [MemberData(nameof(Formats))]
    public void As_many_records_as_the_limit_are_read_and_one_more_is_refused(int number)
    {
        foreach (var count in new[] { ContentCodec.MaxRecords, ContentCodec.MaxRecords + 1 })
        {
            var error = Codec.TryDecode(new ContentFormat((ushort)number), Scope(number), Many(number, count), out var records);
            Assert.Equal(count == ContentCodec.MaxRecords ? CodecErrorKind.None : CodecErrorKind.Limit, error.Kind);
            Assert.Equal(ContentCodec.MaxRecords, records.Count);
        }
    }

    [Theory]
    [InlineData(110, "[{\"n\":\"/3/0/9\",\"v\":1,\"x\":", "[", "]", "}]")]
    [InlineData(110, "[{\"n\":\"/3/0/9\",\"v\":1,\"x\":", "{\"x\":", "}", "}]")]
    [InlineData(320, "[{\"n\":\"/3/0/9\",\"v\":1,\"x\":", "[", "]", "}]")]
    [InlineData(11543, "{\"e\":[],\"x\":", "[", "]", "}")]
    public void Text_may_nest_sixteen_deep(int number, string start, string open, string close, string end)
    {
        var levels = start.Count(c => c is '[' or '{') - start.Count(c => c == ']');
        foreach (var depth in new[] { ContentCodec.MaxDepth, ContentCodec.MaxDepth + 1, 100_000 })
        {
            var inner = depth - levels;
            var text = new StringBuilder(start).Insert(start.Length, open, inner).Append('1').Insert(start.Length + (open.Length * inner) + 1, close, inner).Append(end);
            var error = Codec.ErrorOfText(new ContentFormat((ushort)number), Codec.Scope("/3"), text.ToString());
            Assert.Equal(depth == ContentCodec.MaxDepth ? CodecErrorKind.None : CodecErrorKind.Limit, error);
        }
    }

    [Theory]
    [InlineData(112, "81a300662f332f302f3902010a", 2)]
    [InlineData(322, "81a300662f332f302f3902010a", 2)]
    public void Bytes_may_nest_sixteen_deep(int number, string start, int levels)
    {
        foreach (var depth in new[] { ContentCodec.MaxDepth, ContentCodec.MaxDepth + 1, 100_000 })
        {
            byte[] bytes = [.. Convert.FromHexString(start), .. Enumerable.Repeat((byte)0x81, depth - levels), 1];
            var error = Codec.TryDecode(new ContentFormat((ushort)number), Codec.Scope("/3"), bytes, out _).Kind;
            Assert.Equal(depth == ContentCodec.MaxDepth ? CodecErrorKind.None : CodecErrorKind.Limit, error);
        }
    }

    [Fact]
    public void LwM2M_CBOR_nests_as_deep_as_paths_are_long() =>
        Assert.Equal(CodecErrorKind.Path, Codec.TryDecode(ContentFormat.Lwm2mCbor, Codec.Scope("/"), [.. Enumerable.Repeat<byte[]>([0xa1, 0x03], 100_000).SelectMany(b => b)], out _).Kind);

    [Theory]
    [InlineData(112, "9f", "a2 00 7f 66 2f332f302f39 60 ff 02 01")]              // names in chunks
    [InlineData(112, "9f", "a1 21 7f 61 2f 61 33 ff")]                          // base names that are never used
    [InlineData(112, "9f", "a2 00 66 2f332f302f30 03 7f 61 78 61 79 ff")]       // values in chunks
    [InlineData(112, "9f", "a2 00 66 2f332f302f39 0a 80")]
    [InlineData(322, "9f", "a1 00 7f 66 2f332f302f39 60 ff")]
    [InlineData(11544, "bf", "9f 03 00 09 ff 01")]                              // the same path again and again
    [InlineData(11544, "bf", "a0 a0")]
    [InlineData(11542, "", "c80000")]
    [InlineData(110, "[", "{\"n\":\"\\u002f3\\/0\\/9\",\"v\":1},")]            // names with escapes
    [InlineData(110, "[{\"bn\":\"", "/3")]
    [InlineData(110, "[{\"v\":", "1")]                                          // a number of a million digits
    [InlineData(110, "[{\"x\":\"", "\\u0000")]
    [InlineData(320, "[", "{\"n\":\"\\u002f3\"},")]
    [InlineData(11543, "{", "\"e\":[],")]
    [InlineData(11543, "{\"bn\":\"/3/0/\",\"e\":[", "{\"n\":\"\\u0030\",\"sv\":\"\\u0041\"},")]
    public void Room_and_time_are_in_proportion_to_the_payload(int number, string start, string repeated)
    {
        var format = new ContentFormat((ushort)number);
        var payload = number is 110 or 320 or 11543 ? Repeat(Encoding.UTF8.GetBytes(start), Encoding.UTF8.GetBytes(repeated)) : Repeat(Hex(start), Hex(repeated));
        Codec.TryDecode(format, Scope(number), payload.AsSpan(0, 1000), out _);   // what is made once
        var (before, begun) = (GC.GetAllocatedBytesForCurrentThread(), TimeProvider.System.GetTimestamp());
        Codec.TryDecode(format, Scope(number), payload, out var records);
        var (allocated, time) = (GC.GetAllocatedBytesForCurrentThread() - before, TimeProvider.System.GetElapsedTime(begun));

        Assert.InRange(records.Count, 0, ContentCodec.MaxRecords);
        Assert.InRange(allocated, 0, 40L * Size);   // a record of ten bytes is 64 bytes of value, thrice while a list grows
        Assert.True(time < TimeSpan.FromSeconds(5), $"a megabyte took {time}");
    }

    private static CodecScope Scope(int number) => Codec.Scope(number is 11542 ? "/3/0" : "/");

    private static byte[] Many(int number, int count) => number switch
    {
        110 or 320 => Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("{\"n\":\"/3/0/9\",\"v\":1}", count)) + "]"),
        11543 => Encoding.UTF8.GetBytes("{\"e\":[" + string.Join(',', Enumerable.Repeat("{\"n\":\"3/0/9\",\"v\":1}", count)) + "]}"),
        112 or 322 => [0x9f, .. Enumerable.Repeat(Convert.FromHexString("a200662f332f302f390201"), count).SelectMany(b => b), 0xff],
        11542 => [.. Enumerable.Repeat<byte[]>([0xc1, 0x09, 0x64], count).SelectMany(b => b)],
        _ => [0xbf, .. Enumerable.Range(0, count).SelectMany(Entry), 0xff],
    };

    // /19/i/0/j for different paths, as LwM2M CBOR has each once.
    private static byte[] Entry(int i) => [0x84, 0x19, 0x99, 0x99, 0x19, (byte)((i & 0x7fff) >> 8), (byte)i, 0x00, (byte)(i >> 15), 0x01];

    private static byte[] Repeat(byte[] start, byte[] one) => [.. start, .. Enumerable.Repeat(one, Size / one.Length).SelectMany(b => b)];

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
