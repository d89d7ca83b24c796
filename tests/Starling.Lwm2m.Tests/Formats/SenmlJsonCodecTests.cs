using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public sealed class SenmlJsonCodecTests
{
    private static readonly ContentFormat _json = ContentFormat.SenmlJson;

    [Fact]
    public void Names_across_objects_of_the_example()
    {
        const string text = """[{"bn":"/","n":"1/0/2","v":101},{"n":"1/0/6","vb":true},{"n":"3/0/13","v":0}]""";
        Lwm2mRecord[] records = [Codec.Record("/1/0/2", 101), Codec.Record("/1/0/6", true), Codec.Record("/3/0/13", Lwm2mValue.Time(0))];
        Assert.Equal(records, Codec.DecodeText(_json, Codec.Scope("/"), text));
        Assert.Equal(text, Codec.EncodeText(_json, Codec.Scope("/"), records));
    }

    [Fact]
    public void Object_link_of_the_example()
    {
        const string text = """[{"bn":"/3/0/22/","n":"0","vlo":"16:0"}]""";
        var record = Codec.Record("/3/0/22/0", Lwm2mValue.ObjectLink(new ObjectLink(16, 0)));
        Assert.Equal([record], Codec.DecodeText(_json, Codec.Scope("/3/0/22"), text));
        Assert.Equal(text, Codec.EncodeText(_json, Codec.Scope("/3/0/22"), record));
    }

    [Fact]
    public void Values_of_every_kind_are_written_as_the_format_says()
    {
        const string path = "/42769/0/";
        Assert.Equal(
            """[{"bn":"/42769/0/","n":"3","vs":"a\"\\\u0001\n/ü"},{"n":"4","v":-9223372036854775808},{"n":"5","v":18446744073709551615},{"n":"6","v":21.0},"""
            + """{"n":"7","vb":false},{"n":"8","vd":"-_8"},{"n":"9","v":1367491215},{"n":"10","vlo":"65535:65535"},{"n":"11","vs":"</3>"}]""",
            Codec.EncodeText(
                _json, Codec.Scope("/42769/0"), Codec.Record(path + "3", "a\"\\\u0001\n/ü"), Codec.Record(path + "4", long.MinValue), Codec.Record(path + "5", Lwm2mValue.Unsigned(ulong.MaxValue)),
                Codec.Record(path + "6", 21.0), Codec.Record(path + "7", false), Codec.Record(path + "8", new byte[] { 0xfb, 0xff }),
                Codec.Record(path + "9", Lwm2mValue.Time(1367491215)), Codec.Record(path + "10", Lwm2mValue.ObjectLink(ObjectLink.Null)), Codec.Record(path + "11", Lwm2mValue.CoreLink("</3>"))));
    }

    [Theory]
    [InlineData("v", "9223372036854775807", "9223372036854775807")]
    [InlineData("v", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("v", "9007199254740993", "9007199254740993")]   // a double would make it …992
    [InlineData("v", "1e2", "100")]
    [InlineData("v", "100.0", "100")]
    [InlineData("v", "-0", "0")]
    public void Integer_is_read_exactly(string field, string number, string shown) =>
        Assert.Equal(shown, Codec.DecodeText(_json, Codec.Scope("/42769/0/4"), $$"""[{"n":"/42769/0/4","{{field}}":{{number}}}]""")[0].Value.ToString());

    [Theory]
    [InlineData("18446744073709551615", "/42769/0/5", "18446744073709551615")]
    [InlineData("18446744073709551616", "/42769/0/6", "1.8446744073709552E+19")]
    [InlineData("1.7976931348623157E+308", "/42769/0/6", "1.7976931348623157E+308")]
    [InlineData("5e-324", "/42769/0/6", "5E-324")]
    [InlineData("7", "/42769/0/6", "7")]
    public void Number_is_read_as_its_resource_has_it(string number, string path, string shown) =>
        Assert.Equal(shown, Codec.DecodeText(_json, Codec.Scope(path), $$"""[{"n":"{{path}}","v":{{number}}}]""")[0].Value.ToString());

    [Theory]
    [InlineData("-_8")]
    [InlineData("-_8=")]
    [InlineData("+/8=")]
    [InlineData("+/8")]
    public void Opaque_is_taken_in_either_alphabet(string text) =>
        Assert.Equal("fbff", Codec.DecodeText(_json, Codec.Scope("/42769/0/8"), $$"""[{"n":"/42769/0/8","vd":"{{text}}"}]""")[0].Value.ToString());

    [Fact]
    public void White_space_escapes_and_order_are_free()
    {
        var read = Codec.DecodeText(_json, Codec.Scope("/3/0"), " [ \t{ \"vs\" : \"\\u00fc\\ud834\\udd1e\\/\\n\" ,\r\n\"n\":\"\\u0030\", \"bn\":\"\\/3\\/0/\" } ] ");
        Assert.Equal([Codec.Record("/3/0/0", "ü𝄞/\n")], read);
    }

    [Fact]
    public void Base_name_stands_for_what_follows_until_the_next()
    {
        var read = Codec.DecodeText(_json, Codec.Scope("/"), """[{"bn":"/3/0/"},{"n":"9","v":1},{"n":"10","v":2},{"bn":"/1/","n":"0/2","v":3},{"bn":"","n":"/1/0/3","v":4}]""");
        Assert.Equal("/3/0/9 Integer 1; /3/0/10 Integer 2; /1/0/2 Integer 3; /1/0/3 Integer 4", Codec.Show(read));
    }

    [Fact]
    public void Times_are_absolute_from_1978_on_and_else_count_from_now()
    {
        var read = Codec.DecodeText(
            _json, Codec.Scope("/"),
            """[{"bn":"/3/0/9","bt":1700000000,"v":1,"t":0.25},{"v":2,"t":-5},{"bt":0,"v":3},{"v":4,"t":-10},{"v":5,"t":3.5},{"bt":-60,"t":60,"v":6},{"bt":268435455,"v":7},{"bt":268435456,"v":8}]""");
        DateTimeOffset?[] expected =
        [
            DateTimeOffset.FromUnixTimeMilliseconds(1700000000250), DateTimeOffset.FromUnixTimeSeconds(1699999995), null, Codec.Now.AddSeconds(-10), Codec.Now.AddSeconds(3.5), null,
            Codec.Now.AddSeconds(268435455), DateTimeOffset.FromUnixTimeSeconds(268435456),
        ];
        Assert.Equal(expected, read.Select(r => r.Time));
    }

    [Fact]
    public void Times_are_written_absolute()
    {
        Lwm2mRecord[] series =
        [
            Codec.Record("/3303/0/5700", 21.5, DateTimeOffset.FromUnixTimeSeconds(1700000000)),
            Codec.Record("/3303/0/5700", 21.75, DateTimeOffset.FromUnixTimeMilliseconds(1700000000250)),
        ];
        const string text = """[{"bn":"/3303/0/5700","t":1700000000,"v":21.5},{"t":1700000000.25,"v":21.75}]""";
        Assert.Equal(text, Codec.EncodeText(_json, Codec.Scope("/3303/0/5700"), series));
        Assert.Equal(series, Codec.DecodeText(_json, Codec.Scope("/3303/0/5700"), text));
    }

    [Theory]
    [InlineData("", CodecErrorKind.Truncated)]
    [InlineData("[", CodecErrorKind.Truncated)]
    [InlineData("[{", CodecErrorKind.Truncated)]
    [InlineData("""[{"n" """, CodecErrorKind.Truncated)]
    [InlineData("""[{"n":"/3/0/9","v":1}""", CodecErrorKind.Truncated)]
    [InlineData("""[{"n":"/3/0/9","vb":tru""", CodecErrorKind.Truncated)]
    [InlineData("{}", CodecErrorKind.Malformed)]
    [InlineData("[1]", CodecErrorKind.Malformed)]
    [InlineData("[,]", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1},]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1,}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9" "v":1}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":01}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1.}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":+1}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":NaN}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":-Infinity}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1e}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1e999}]""", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/9","v":null}]""", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/9","v":"1"}]""", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/9","v":1.5}]""", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/9","vs":"1"}]""", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/9","v":9223372036854775808}]""", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/22/0","vlo":"16"}]""", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/22/0","vlo":"16:65536"}]""", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/9","vd":"?"}]""", CodecErrorKind.Type)]
    [InlineData("""[{"n":"/3/0/9"}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1,"v":1}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1,"vs":""}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","n":"/3/0/9","v":1}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9\q","v":1}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"\ud800","v":1}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"\ud800\u0041","v":1}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"\u00g0","v":1}]""", CodecErrorKind.Malformed)]
    [InlineData("[{\"n\":\"a\nb\",\"v\":1}]", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/1/9","v":1}]""", CodecErrorKind.Path)]
    [InlineData("""[{"n":"/3/0","v":1}]""", CodecErrorKind.Path)]
    [InlineData("""[{"n":"/3/0/9/1/1","v":1}]""", CodecErrorKind.Path)]
    [InlineData("""[{"n":"/3/00/9","v":1}]""", CodecErrorKind.Path)]
    [InlineData("""[{"v":1}]""", CodecErrorKind.Path)]
    [InlineData("[] x", CodecErrorKind.TrailingBytes)]
    [InlineData("[][]", CodecErrorKind.TrailingBytes)]
    [InlineData("""[{"n":"/3/0/9","v":1,"bver":11}]""", CodecErrorKind.Unsupported)]
    [InlineData("""[{"n":"/3/0/9","v":1,"bv":11}]""", CodecErrorKind.Unsupported)]
    [InlineData("""[{"n":"/3/0/9","v":1,"x_":11}]""", CodecErrorKind.Unsupported)]
    [InlineData("""[{"n":"/3/0/9","v":1,"t":1e300}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1,"t":"1"}]""", CodecErrorKind.Malformed)]
    [InlineData("""[{"n":"/3/0/9","v":1,"x":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}]""", CodecErrorKind.Limit)]
    public void Pack_that_is_wrong_is_refused(string text, CodecErrorKind error) =>
        Assert.Equal(error, Codec.ErrorOfText(_json, Codec.Scope("/3/0"), text));

    [Fact]
    public void Text_that_is_not_utf8_is_refused() =>
        Assert.Equal(CodecErrorKind.Malformed, Codec.TryDecode(_json, Codec.Scope("/3/0"), [.. "[{\"n\":\"/3/0/0\",\"vs\":\""u8, 0xff, .. "\"}]"u8], out _).Kind);

    [Fact]
    public void Fields_that_are_not_known_are_read_over()
    {
        var read = Codec.DecodeText(
            _json, Codec.Scope("/3/0"),
            """[{"bver":5,"bu":"V","x":{"a":[1,{"b":null}],"c":"\"}"},"y":[],"z":{},"w":true,"n":"/3/0/9","vx":"no","u":"%","ut":4,"v":100}]""");
        Assert.Equal([Codec.Record("/3/0/9", 100)], read);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Number_that_json_has_not_is_told_beforehand(double number) =>
        Assert.False(ContentCodecs.Find(_json)!.CanEncode(Codec.Scope("/3303/0"), [Codec.Record("/3303/0/5700", number)]));

    [Fact]
    public void Alternate_path_is_escaped()
    {
        var scope = Codec.Scope("/3/0", "/\"q\"");
        Assert.Equal("""[{"bn":"/\"q\"/3/0/","n":"9","v":1}]""", Codec.EncodeText(_json, scope, Codec.Record("/3/0/9", 1)));
    }

    [Fact]
    public void Nothing_is_an_empty_list() => Assert.Equal("[]", Codec.EncodeText(_json, Codec.Scope("/3"), Codec.Record("/3", Lwm2mValue.Empty)));
}
