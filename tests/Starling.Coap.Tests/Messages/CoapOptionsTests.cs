using System.Text;

namespace Starling.Coap.Tests;

public sealed class CoapOptionsTests
{
    [Fact]
    public void Getters_find_what_was_added()
    {
        var builder = new CoapOptionsBuilder();
        builder.Add(OptionNumber.ETag, [0xaa]);
        builder.Add(OptionNumber.Observe, 5u);
        builder.AddPath(OptionNumber.UriPath, "/3/0/9");
        builder.Add(OptionNumber.ContentFormat, 11542u);
        builder.Add(OptionNumber.UriQuery, "pmin=1");
        builder.Add(OptionNumber.UriQuery, "ü=2");
        builder.Add(OptionNumber.Accept, 112u);
        builder.Add(OptionNumber.Block2, new BlockOption(3, true, 2).Value);
        builder.Add(OptionNumber.Block1, new BlockOption(0, false, 6).Value);
        var options = builder.Build();
        Assert.Equal(5u, options.Observe);
        Assert.Equal("/3/0/9", options.UriPath);
        Assert.Equal(["3", "0", "9"], options.GetStrings(OptionNumber.UriPath));
        Assert.Equal("pmin=1&ü=2", options.UriQuery);
        Assert.Equal(ContentFormat.Tlv, options.ContentFormat);
        Assert.Equal(ContentFormat.SenmlCbor, options.Accept);
        Assert.Equal("3/1/64", options.Block2.ToString());
        Assert.Equal("0/0/1024", options.Block1.ToString());
        Assert.True(options.TryGet(OptionNumber.ETag, out var etag));
        Assert.Equal([0xaa], etag.ToArray());
        Assert.False(options.Has(OptionNumber.Echo));
        Assert.Null(options.GetUInt(OptionNumber.Size1));
        Assert.Null(options.GetString(OptionNumber.UriHost));
        Assert.Empty(options.GetStrings(OptionNumber.LocationPath));
    }

    [Theory]
    [InlineData(0u, "")]
    [InlineData(1u, "01")]
    [InlineData(255u, "ff")]
    [InlineData(256u, "0100")]
    [InlineData(65536u, "010000")]
    [InlineData(0x01000000u, "01000000")]
    [InlineData(uint.MaxValue, "ffffffff")]
    public void Numbers_are_written_in_their_shortest_form(uint value, string hex)
    {
        var options = default(CoapOptions).With(OptionNumber.Size1, value);
        Assert.True(options.TryGet(OptionNumber.Size1, out var bytes));
        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
        Assert.Equal(value, options.GetUInt(OptionNumber.Size1));
    }

    // RFC 7252 §3.2: leading zeros are read, though nobody should write them. §5.4.3: too long is as good as absent.
    [Theory]
    [InlineData("0005", 5)]
    [InlineData("000005", 5)]
    [InlineData("00000005", null)]
    [InlineData("0000000005", null)]
    public void Observe_has_at_most_three_bytes(string hex, int? value)
    {
        var options = default(CoapOptions).With(OptionNumber.Observe, Convert.FromHexString(hex));
        Assert.Equal((uint?)value, options.Observe);
    }

    [Theory]
    [InlineData("28", 40)]
    [InlineData("0028", 40)]
    [InlineData("000028", null)]
    [InlineData("010000", null)]
    public void Content_formats_have_at_most_two_bytes(string hex, int? value)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(value, default(CoapOptions).With(OptionNumber.ContentFormat, bytes).ContentFormat?.Value);
        Assert.Equal(value, default(CoapOptions).With(OptionNumber.Accept, bytes).Accept?.Value);
    }

    [Fact]
    public void Blocks_have_at_most_three_bytes()
    {
        var long4 = default(CoapOptions).With(OptionNumber.Block1, [0, 0, 0, 0x0e]).With(OptionNumber.Block2, [0, 0, 0, 0x0e]);
        Assert.Null(long4.Block1);
        Assert.Null(long4.Block2);
    }

    [Fact]
    public void With_replaces_every_one_of_its_number_and_keeps_the_order()
    {
        var builder = new CoapOptionsBuilder();
        builder.AddPath(OptionNumber.UriPath, "a/b");
        builder.Add(OptionNumber.Accept, 0u);
        builder.Add(OptionNumber.Echo, [1]);
        var options = builder.Build();
        Assert.Equal("11=78 17= 252=01", Text(options.With(OptionNumber.UriPath, "x"u8)));
        Assert.Equal("11=61 11=62 17=70 252=01", Text(options.With(OptionNumber.Accept, 112u)));
        Assert.Equal("6=01 11=61 11=62 17= 252=01", Text(options.With(OptionNumber.Observe, 1u)));
        Assert.Equal("11=61 11=62 17= 252=01 292=ff", Text(options.With(OptionNumber.RequestTag, [0xff])));
        Assert.Equal("6=02", Text(CoapOptions.None.With(OptionNumber.Observe, 2u)));
    }

    [Fact]
    public void Without_takes_every_one_of_its_number()
    {
        var builder = new CoapOptionsBuilder();
        builder.AddPath(OptionNumber.UriPath, "a/b");
        builder.Add(OptionNumber.Accept, 0u);
        var options = builder.Build();
        Assert.Equal("17=", Text(options.Without(OptionNumber.UriPath)));
        Assert.Equal(options, options.Without(OptionNumber.Block2));
        Assert.True(options.Without(OptionNumber.UriPath).Without(OptionNumber.Accept).IsEmpty);
    }

    [Fact]
    public void With_and_without_agree_with_a_list_for_any_options()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var model = Enumerable.Range(0, random.Next(8)).Select(_ => (Number: random.Next(700), Value: (byte)random.Next(256))).OrderBy(o => o.Number).ToList();
            var builder = new CoapOptionsBuilder();
            foreach (var (number, value) in model)
            {
                builder.Add(new OptionNumber((ushort)number), [value]);
            }
            var target = model.Count > 0 && random.Next(2) == 0 ? model[random.Next(model.Count)].Number : random.Next(700);
            var rest = model.Where(o => o.Number != target).ToList();
            Assert.Equal(Text(rest), Text(builder.Build().Without(new OptionNumber((ushort)target))));
            Assert.Equal(Text([.. rest.Append<(int Number, byte Value)>((target, 7)).OrderBy(o => o.Number)]), Text(builder.Build().With(new OptionNumber((ushort)target), [7])));
        }
    }

    [Fact]
    public void Options_must_come_in_ascending_order() => Assert.Throws<ArgumentException>(() =>
    {
        var builder = new CoapOptionsBuilder();
        builder.Add(OptionNumber.Accept, 0u);
        builder.Add(OptionNumber.UriPath, "a");
    });

    [Theory]
    [InlineData("", 0)]
    [InlineData("/", 0)]
    [InlineData("a", 1)]
    [InlineData("/a/b/", 2)]
    [InlineData("a//b", 3)]
    public void Path_gives_one_option_a_segment(string path, int count)
    {
        var builder = new CoapOptionsBuilder();
        builder.AddPath(OptionNumber.UriPath, path);
        Assert.Equal(count, builder.Build().GetStrings(OptionNumber.UriPath).Count);
    }

    [Fact]
    public void Long_text_is_added_whole()
    {
        var text = new string('é', 1000);
        var builder = new CoapOptionsBuilder();
        builder.Add(OptionNumber.UriQuery, text);
        Assert.Equal(text, builder.Build().GetString(OptionNumber.UriQuery));
        Assert.Equal(Encoding.UTF8.GetByteCount(text) + 3 + 1, builder.Build().Encoded.Length);
    }

    [Fact]
    public void Equality_is_of_bytes()
    {
        var one = CoapOptions.None.With(OptionNumber.UriPath, "a"u8);
        var same = CoapOptions.None.With(OptionNumber.UriPath, "a"u8);
        Assert.True(one == same && one.Equals((object)same) && one.GetHashCode() == same.GetHashCode());
        Assert.True(one != CoapOptions.None);
    }

    private static string Text(CoapOptions options)
    {
        List<string> list = [];
        foreach (var option in options)
        {
            list.Add($"{option.Number.Value}={Convert.ToHexStringLower(option.Value)}");
        }
        return string.Join(' ', list);
    }

    private static string Text(List<(int Number, byte Value)> options) => string.Join(' ', options.Select(o => $"{o.Number}={o.Value:x2}"));
}
