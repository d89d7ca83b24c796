using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>Text, octet-stream and CBOR: one value of one resource.</summary>
public sealed class SingleValueCodecTests
{
    [Theory]
    [InlineData("/42769/0/3", "grüß dich")]
    [InlineData("/42769/0/3", "")]
    [InlineData("/42769/0/4", "-9223372036854775808")]
    [InlineData("/42769/0/5", "18446744073709551615")]
    [InlineData("/42769/0/6", "21.5")]
    [InlineData("/42769/0/6", "-0.000001")]
    [InlineData("/42769/0/6", "1500000000000000000000")]
    [InlineData("/42769/0/7", "1")]
    [InlineData("/42769/0/8", "+/8=")]
    [InlineData("/42769/0/9", "-1")]
    [InlineData("/42769/0/10", "16:0")]
    [InlineData("/42769/0/11", "</3/0>")]
    [InlineData("/42769/0/104/7", "12")]
    public void Text_reads_and_writes_the_same(string path, string text)
    {
        var read = Codec.DecodeText(ContentFormat.Text, Codec.Scope(path), text);
        Assert.Equal(text, Codec.EncodeText(ContentFormat.Text, Codec.Scope(path), Assert.Single(read)));
    }

    [Theory]
    [InlineData("/42769/0/6", "1e3", "1000")]
    [InlineData("/42769/0/6", "7", "7")]
    [InlineData("/42769/0/4", "+5", "5")]
    [InlineData("/42769/0/8", "-_8", "fbff")]
    [InlineData("/42769/0/10", "FFFF:FFFF", "65535:65535")]
    [InlineData("/9/9/9", "anything", "anything")]
    public void Text_that_others_write_is_taken(string path, string text, string shown) =>
        Assert.Equal(shown, Codec.DecodeText(ContentFormat.Text, Codec.Scope(path), text)[0].Value.ToString());

    [Theory]
    [InlineData("/42769/0/4", "")]
    [InlineData("/42769/0/4", "1.5")]
    [InlineData("/42769/0/4", "9223372036854775808")]
    [InlineData("/42769/0/4", "0x10")]
    [InlineData("/42769/0/4", " 1")]
    [InlineData("/42769/0/5", "-1")]
    [InlineData("/42769/0/6", "NaN")]
    [InlineData("/42769/0/6", "Infinity")]
    [InlineData("/42769/0/6", "1e999")]
    [InlineData("/42769/0/6", "1,5")]
    [InlineData("/42769/0/7", "true")]
    [InlineData("/42769/0/7", "2")]
    [InlineData("/42769/0/8", "a")]
    [InlineData("/42769/0/8", "ab=c")]
    [InlineData("/42769/0/8", "ab c")]
    [InlineData("/42769/0/8", "abcd====")]
    [InlineData("/42769/0/9", "yesterday")]
    [InlineData("/42769/0/10", "16")]
    [InlineData("/42769/0/10", "16:0:1")]
    public void Text_of_another_type_is_refused(string path, string text) =>
        Assert.Equal(CodecErrorKind.Type, Codec.ErrorOfText(ContentFormat.Text, Codec.Scope(path), text));

    [Fact]
    public void Text_that_is_not_utf8_is_refused() =>
        Assert.Equal(CodecErrorKind.Type, Codec.TryDecode(ContentFormat.Text, Codec.Scope("/3/0/0"), [0xff], out _).Kind);

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(-1.7976931348623157e308)]
    [InlineData(1e15)]
    [InlineData(123456789012345680.0)]
    [InlineData(9.87654321e-7)]
    public void Float_in_text_has_no_exponent_and_is_exact(double value)
    {
        var text = Codec.EncodeText(ContentFormat.Text, Codec.Scope("/42769/0/6"), Codec.Record("/42769/0/6", value));
        Assert.Equal(-1, text.AsSpan().IndexOfAnyExcept("-.0123456789"));
        Assert.Equal(value, Codec.DecodeText(ContentFormat.Text, Codec.Scope("/42769/0/6"), text)[0].Value.AsFloat());
    }

    [Fact]
    public void Octet_stream_is_the_bytes_and_a_copy_of_them()
    {
        byte[] bytes = [1, 2, 3];
        var read = Codec.Decode(ContentFormat.OctetStream, Codec.Scope("/42769/0/8"), bytes);
        bytes[0] = 9;
        Assert.Equal("010203", read[0].Value.ToString());
        Assert.Equal([1, 2, 3], Codec.Encode(ContentFormat.OctetStream, Codec.Scope("/42769/0/8"), read[0]));
        Assert.Equal(CodecErrorKind.Type, Codec.ErrorOfHex(ContentFormat.OctetStream, Codec.Scope("/42769/0/3"), "61"));
        Assert.False(ContentCodecs.Find(ContentFormat.OctetStream)!.CanEncode(Codec.Scope("/42769/0/4"), [Codec.Record("/42769/0/4", 1)]));
    }

    [Theory]
    [InlineData("/42769/0/4", "187b", "123")]
    [InlineData("/42769/0/6", "fa414570a4", "12.34000015258789")]
    [InlineData("/42769/0/3", "6161", "a")]
    [InlineData("/42769/0/7", "f5", "true")]
    [InlineData("/42769/0/8", "42fbff", "fbff")]
    [InlineData("/42769/0/10", "6431363a30", "16:0")]
    [InlineData("/42769/0/9", "1a514b67b0", "2013-03-21T20:04:00Z")]
    [InlineData("/42769/0/9", "20", "1969-12-31T23:59:59Z")]
    public void Cbor_reads_and_writes_the_same(string path, string hex, string shown)
    {
        var read = Codec.DecodeHex(ContentFormat.Cbor, Codec.Scope(path), hex);
        Assert.Equal(shown, Assert.Single(read).Value.ToString());
        Assert.Equal(hex, Codec.EncodeHex(ContentFormat.Cbor, Codec.Scope(path), read[0]));
    }

    [Theory]
    [InlineData("/42769/0/6", "07", "7")]
    [InlineData("/42769/0/4", "f94200", "3")]
    [InlineData("/42769/0/9", "c11a514b67b0", "2013-03-21T20:04:00Z")]
    [InlineData("/42769/0/9", "c1f9be00", "1969-12-31T23:59:58Z")]
    [InlineData("/42769/0/9", "c0781b323031332d30332d32315432313a30343a30302e352b30313a3030", "2013-03-21T20:04:00Z")]
    [InlineData("/9/9/9", "1bffffffffffffffff", "18446744073709551615")]
    [InlineData("/9/9/9", "7f61616162ff", "ab")]
    public void Cbor_that_others_write_is_taken(string path, string hex, string shown) =>
        Assert.Equal(shown, Codec.DecodeHex(ContentFormat.Cbor, Codec.Scope(path), hex)[0].Value.ToString());

    [Theory]
    [InlineData("", CodecErrorKind.Truncated)]
    [InlineData("18", CodecErrorKind.Truncated)]
    [InlineData("0101", CodecErrorKind.TrailingBytes)]
    [InlineData("6161", CodecErrorKind.Type)]
    [InlineData("f6", CodecErrorKind.Type)]
    [InlineData("8101", CodecErrorKind.Type)]
    [InlineData("ff", CodecErrorKind.Malformed)]
    [InlineData("1c", CodecErrorKind.Malformed)]
    [InlineData("d81801", CodecErrorKind.Unsupported)]
    [InlineData("61ff", CodecErrorKind.Malformed)]
    [InlineData("3b8000000000000000", CodecErrorKind.Type)]
    public void Cbor_that_is_wrong_is_refused(string hex, CodecErrorKind error) =>
        Assert.Equal(error, Codec.ErrorOfHex(ContentFormat.Cbor, Codec.Scope("/42769/0/4"), hex));

    [Theory]
    [InlineData(0)]
    [InlineData(42)]
    [InlineData(60)]
    public void Anything_but_one_value_is_told_beforehand(ushort number)
    {
        var codec = ContentCodecs.Find(new ContentFormat(number))!;
        var value = number == 42 ? (Lwm2mValue)new byte[] { 1 } : 1;
        Assert.True(codec.IsSingleValue);
        Assert.True(codec.CanEncode(Codec.Scope("/9/0/1"), [Codec.Record("/9/0/1", value)]));
        Assert.True(codec.CanEncode(Codec.Scope("/9/0/1/0"), [Codec.Record("/9/0/1/0", value)]));
        Assert.False(codec.CanEncode(Codec.Scope("/9/0/1"), [Codec.Record("/9/0/1/0", value)]));
        Assert.False(codec.CanEncode(Codec.Scope("/9/0"), [Codec.Record("/9/0/1", value)]));
        Assert.False(codec.CanEncode(Codec.Scope("/9/0/1"), [Codec.Record("/9/0/1", value, Codec.Now)]));
        Assert.False(codec.CanEncode(Codec.Scope("/9/0/1"), [Codec.Record("/9/0/1", Lwm2mValue.Empty)]));
        Assert.False(codec.CanEncode(Codec.Scope("/9/0/1"), [Codec.Record("/9/0/1", value), Codec.Record("/9/0/1", value)]));
        Assert.False(codec.CanEncode(Codec.Scope("/9/0/1"), []));
        Assert.Equal(CodecErrorKind.Path, codec.Decode(Codec.Scope("/9/0"), [1], new RecordSet()).Kind);
    }
}
