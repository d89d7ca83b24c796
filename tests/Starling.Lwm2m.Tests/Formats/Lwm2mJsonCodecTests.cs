using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>LwM2M's own JSON, which 1.0 peers speak.</summary>
public sealed class Lwm2mJsonCodecTests
{
    private static readonly ContentFormat _format = ContentFormat.Lwm2mJson;

    [Fact]
    public void Values_of_every_kind_are_written_as_the_format_says()
    {
        const string path = "/42769/0/";
        const string text = """{"bn":"/42769/0/","e":[{"n":"3","sv":"a\"ü"},{"n":"4","v":-9223372036854775808},{"n":"5","v":18446744073709551615},{"n":"6","v":21.0},"""
            + """{"n":"7","bv":false},{"n":"8","sv":"+/8="},{"n":"9","v":1367491215},{"n":"10","ov":"16:0"},{"n":"11","sv":"</3>"},{"n":"104/7","v":1}]}""";
        Lwm2mRecord[] records =
        [
            Codec.Record(path + "3", "a\"ü"), Codec.Record(path + "4", long.MinValue), Codec.Record(path + "5", Lwm2mValue.Unsigned(ulong.MaxValue)),
            Codec.Record(path + "6", 21.0), Codec.Record(path + "7", false), Codec.Record(path + "8", new byte[] { 0xfb, 0xff }),
            Codec.Record(path + "9", Lwm2mValue.Time(1367491215)), Codec.Record(path + "10", Lwm2mValue.ObjectLink(new ObjectLink(16, 0))),
            Codec.Record(path + "11", Lwm2mValue.CoreLink("</3>")), Codec.Record(path + "104/7", 1),
        ];
        Assert.Equal(text, Codec.EncodeText(_format, Codec.Scope("/42769/0"), records));
        Assert.Equal(records, Codec.DecodeText(_format, Codec.Scope("/42769/0"), text));
    }

    [Theory]
    [InlineData("""{"bn":"/3/0/","e":[{"n":"9","v":100}]}""")]
    [InlineData("""{"bn":"/3/0/9","e":[{"v":100}]}""")]
    [InlineData("""{"bn":"/3/0/9","e":[{"n":"","v":100}]}""")]
    [InlineData("""{"bn":"/","e":[{"n":"3/0/9","v":100}]}""")]
    [InlineData("""{"e":[{"n":"/3/0/9","v":100}],"bn":""}""")]
    [InlineData("""{ "e" : [ { "v" : 100.0, "n" : "9", "x" : [{}] } ], "y" : {"e":[]}, "bn" : "/3/0/" }""")]
    [InlineData("""{"bn":"/a b/\"q\"/3/0/","e":[{"n":"9","v":100}]}""")]      // with the alternate path
    public void Names_are_put_together(string text) =>
        Assert.Equal([Codec.Record("/3/0/9", 100)], Codec.DecodeText(_format, Codec.Scope("/3", text.Contains("/a b", StringComparison.Ordinal) ? "/a b/\"q\"" : ""), text));

    [Theory]
    [InlineData("/3", "0/9")]
    [InlineData("/3/0", "9")]
    [InlineData("/3/0/9", "")]
    public void Names_without_a_base_go_on_from_the_path_of_the_operation(string path, string name) =>
        Assert.Equal([Codec.Record("/3/0/9", 100)], Codec.DecodeText(_format, Codec.Scope(path, "/lwm2m"), $$"""{"e":[{"n":"{{name}}","v":100}]}"""));

    [Fact]
    public void Alternate_path_is_not_written_because_1_0_does_not_have_it_in_names() =>
        Assert.Equal("""{"bn":"/3/0/","e":[{"n":"9","v":100}]}""", Codec.EncodeText(_format, Codec.Scope("/3/0", "/lwm2m"), Codec.Record("/3/0/9", 100)));

    [Fact]
    public void Times_of_the_past_count_from_the_base_time()
    {
        var read = Codec.DecodeText(_format, Codec.Scope("/3303/0"), """{"bn":"/3303/0/","bt":25462634,"e":[{"n":"5700","v":22.4,"t":-5},{"n":"5700","v":22.9,"t":-30},{"n":"5700","v":24.1}]}""");
        Assert.Equal([25462629, 25462604, 25462634], read.Select(r => r.Time!.Value.ToUnixTimeSeconds()));

        var last = Codec.Record("/3303/0/5700", 22.0, Codec.Now);
        Assert.Equal(
            """{"bn":"/3303/0/5700","bt":1777636800,"e":[{"t":-90,"v":21.5},{"v":22.0}]}""",
            Codec.EncodeText(_format, Codec.Scope("/3303/0/5700"), Codec.Record("/3303/0/5700", 21.5, Codec.Now.AddSeconds(-90)), last));
    }

    [Fact]
    public void Times_without_a_base_count_from_now()
    {
        var read = Codec.DecodeText(_format, Codec.Scope("/3303/0"), """{"bn":"/3303/0/","e":[{"n":"5700","v":22.4,"t":-5},{"n":"5700","v":22.9,"t":0},{"n":"5700","v":24.1}]}""");
        Assert.Equal([Codec.Now.AddSeconds(-5), null, null], read.Select(r => r.Time));
        Assert.False(ContentCodecs.Find(_format)!.CanEncode(Codec.Scope("/3303/0"), [.. read]));
    }

    [Fact]
    public void Container_without_members_is_an_empty_list()
    {
        Assert.Equal("""{"bn":"/3303/","e":[]}""", Codec.EncodeText(_format, Codec.Scope("/3303"), Codec.Record("/3303", Lwm2mValue.Empty)));
        Assert.Equal([Codec.Record("/3303/1", Lwm2mValue.Empty)], Codec.DecodeText(_format, Codec.Scope("/3303/1"), """{"e":[]}"""));
    }

    [Theory]
    [InlineData("", CodecErrorKind.Truncated)]
    [InlineData("[]", CodecErrorKind.Malformed)]
    [InlineData("{}", CodecErrorKind.Malformed)]                                               // no list of records
    [InlineData("""{"e":{}}""", CodecErrorKind.Malformed)]
    [InlineData("""{"e":[],"e":[]}""", CodecErrorKind.Malformed)]
    [InlineData("""{"bn":"/3/","bn":"/3/","e":[]}""", CodecErrorKind.Malformed)]
    [InlineData("""{"e":[{"n":"0/9"}]}""", CodecErrorKind.Malformed)]                          // no value
    [InlineData("""{"e":[{"n":"0/9","v":1,"sv":"x"}]}""", CodecErrorKind.Malformed)]
    [InlineData("""{"e":[{"n":"0/9","v":"1"}]}""", CodecErrorKind.Malformed)]
    [InlineData("""{"e":[{"n":"0/9","v":null}]}""", CodecErrorKind.Malformed)]
    [InlineData("""{"e":[{"n":"0/9","sv":"1"}]}""", CodecErrorKind.Type)]
    [InlineData("""{"e":[{"n":"0/22","ov":"1"}]}""", CodecErrorKind.Type)]
    [InlineData("""{"e":[{"n":"0","v":1}]}""", CodecErrorKind.Path)]
    [InlineData("""{"bn":"/1/0/","e":[{"n":"1","v":1}]}""", CodecErrorKind.Path)]
    [InlineData("""{"e":[{"n":"0/9","v":1}]""", CodecErrorKind.Truncated)]
    [InlineData("""{"e":[{"n":"0/9","v":1}]}x""", CodecErrorKind.TrailingBytes)]
    [InlineData("""{"e":[],"x":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}""", CodecErrorKind.Limit)]
    public void What_is_none_is_refused(string text, CodecErrorKind error) => Assert.Equal(error, Codec.ErrorOfText(_format, Codec.Scope("/3"), text));

    [Fact]
    public void Opaque_is_text_in_base64_where_the_type_is_known()
    {
        Assert.Equal("fbff", Codec.DecodeText(_format, Codec.Scope("/42769/0/8"), """{"e":[{"sv":"-_8"}]}""")[0].Value.ToString());
        Assert.Equal(CodecErrorKind.Type, Codec.ErrorOfText(_format, Codec.Scope("/42769/0/8"), """{"e":[{"sv":"?"}]}"""));
        Assert.Equal("-_8", Codec.DecodeText(_format, Codec.Untyped("/42769/0/8"), """{"e":[{"sv":"-_8"}]}""")[0].Value.AsString());
    }

    [Fact]
    public void More_records_than_the_limit_are_refused()
    {
        var text = new StringBuilder("{\"e\":[");
        text.Insert(text.Length, "{\"n\":\"0/9\",\"v\":1},", ContentCodec.MaxRecords);
        Assert.Equal(CodecErrorKind.Limit, Codec.ErrorOfText(_format, Codec.Scope("/3"), text + "{\"n\":\"0/9\",\"v\":1}]}"));
    }
}
