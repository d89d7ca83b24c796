using System.Text;

namespace Starling.Lwm2m.Tests;

public sealed class LinkFormatTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("</1/0>,</3/0>,</5>", "</1/0>,</3/0>,</5>")]
    [InlineData("</>;rt=\"oma.lwm2m\";ct=\"60 110 112\"", "</>;rt=\"oma.lwm2m\";ct=\"60 110 112\"")]
    [InlineData("</3/0/7>;dim=2;pmin=10", "</3/0/7>;dim=2;pmin=10")]
    [InlineData(" </1/0> ,\t</3/0>\r\n, </5> ", "</1/0>,</3/0>,</5>")]
    [InlineData("</1> ; ver = \"1.1\" ; obs , </1/0>", "</1>;ver=1.1;obs,</1/0>")]
    [InlineData("</1>;ver=1.1", "</1>;ver=1.1")]
    [InlineData("</a>;title=\"a \\\"b\\\" \\\\ c\"", "</a>;title=\"a \\\"b\\\" \\\\ c\"")]
    [InlineData("</a>;title=\"x,y;z>\"", "</a>;title=\"x,y;z>\"")]
    [InlineData("</a>;x=", "</a>;x=\"\"")]
    [InlineData("</a>;x;;y;", "</a>;x;y")]
    [InlineData("</0/1/>", "</0/1/>")]
    [InlineData("</0/0>;uri=coap://a?b=c", "</0/0>;uri=\"coap://a?b=c\"")]
    [InlineData("lwm2m=1.0,</0>,</1/0>", "</>;lwm2m=1.0,</0>,</1/0>")]
    [InlineData("lwm2m=\"1.0\",</0>", "</>;lwm2m=1.0,</0>")]
    [InlineData("</ü>;title=\"水\"", "</ü>;title=\"水\"")]
    [InlineData("<>", "<>")]
    public void List_reads_and_is_written_in_one_form(string text, string written)
    {
        Assert.True(LinkFormat.TryParse(text, out var links));
        Assert.Equal(written, LinkFormat.Write(links));
        Assert.True(LinkFormat.TryParse(written, out var again));
        Assert.Equal(written, LinkFormat.Write(again));
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        LinkFormat.Write(links, output);
        Assert.Equal(written, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("<")]
    [InlineData("</1")]
    [InlineData("</1>,")]
    [InlineData(",</1>")]
    [InlineData("</1></2>")]
    [InlineData("</1>x")]
    [InlineData("</1>;=1")]
    [InlineData("</1>;a=\"b")]
    [InlineData("</1>;a=\"b\\")]
    [InlineData("</1>;a=\"b\"c")]
    [InlineData("</1>;a<b")]
    [InlineData("</1>,lwm2m=1.0")]
    [InlineData("</1\n>")]
    [InlineData("</1>;a=\"\u0001\"")]
    [InlineData("</1>;a=\u007f")]
    [InlineData("=")]
    [InlineData(";")]
    public void Text_that_is_no_list_is_refused(string text)
    {
        Assert.False(LinkFormat.TryParse(text, out var links));
        Assert.Empty(links);
        Assert.False(LinkList.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() => Assert.False(LinkFormat.TryParse([(byte)'<', 0xff, (byte)'>'], out _));

    [Fact]
    public void Attributes_are_told_apart()
    {
        Assert.True(LinkFormat.TryParse("</3/0/7>;dim=2;obs;title=\"\"", out var links));
        Assert.Equal(("2", null, "", null), (links[0]["dim"], links[0]["obs"], links[0]["title"], links[0]["none"]));
        Assert.Equal(["dim", "obs", "title"], links[0].Attributes.Select(a => a.Key));
    }

    [Theory]
    [InlineData("/3/0/7", "", "/3/0/7")]
    [InlineData("/3/0/", "", "/3/0")]
    [InlineData("/", "", "/")]
    [InlineData("/lwm2m/3/0", "/lwm2m", "/3/0")]
    [InlineData("/lwm2m", "/lwm2m", "/")]
    [InlineData("/3/0", "/lwm2m", "/3/0")]
    public void Target_is_a_path(string target, string root, string expected)
    {
        Assert.True(new CoreLink(target).TryGetPath(root, out var path));
        Assert.Equal(Lwm2mPath.Parse(expected), path);
    }

    [Theory]
    [InlineData("3/0", "")]
    [InlineData("", "")]
    [InlineData("/lwm2mx/3", "/lwm2m")]
    [InlineData("/sensors/3", "")]
    [InlineData("coap://host/3", "")]
    public void Target_is_no_path(string target, string root) => Assert.False(new CoreLink(target).TryGetPath(root, out _));

    [Fact]
    public void Limits_hold()
    {
        var limits = new LinkLimits { MaxLinks = 2, MaxAttributes = 1, MaxBytes = 20 };
        Assert.True(LinkFormat.TryParse("</1>;a,</2>;b", out _, limits));
        Assert.False(LinkFormat.TryParse("</1>,</2>,</3>", out _, limits));
        Assert.False(LinkFormat.TryParse("</1>;a;b", out _, limits));
        Assert.False(LinkFormat.TryParse("</123456789012345678>", out _, limits));
        Assert.False(LinkList.TryParse("</1>,</2>,</3>"u8, out _, limits));
        Assert.False(LinkList.TryParse("</1>;a;b"u8, out _, limits));
        Assert.False(LinkList.TryParse("</123456789012345678>"u8, out _, limits));
    }

    [Fact]
    public void Links_that_cannot_be_written_are_the_callers_error()
    {
        Assert.Throws<ArgumentException>(() => LinkFormat.Write([new CoreLink("/>")]));
        Assert.Throws<ArgumentException>(() => LinkFormat.Write([new CoreLink("/\n")]));
        Assert.Throws<ArgumentException>(() => LinkFormat.Write([new CoreLink("/", [new("a b", null)])]));
        Assert.Throws<ArgumentException>(() => LinkFormat.Write([new CoreLink("/", [new("", null)])]));
        Assert.Throws<ArgumentException>(() => LinkFormat.Write([new CoreLink("/", [new("a", "\n")])]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_lists_never_throw_and_what_is_taken_comes_back(int seed)
    {
        const string alphabet = "<>/;,=\"\\ 0123aver.\tü";
        var random = new Random(seed);
        var taken = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder("</lwm2m>;rt=\"oma.lwm2m\";ct=\"60 110\", </1>;ver=\"1.1\",</1/0>,</5>;x");
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = alphabet[random.Next(alphabet.Length)];
            }
            var utf8 = Encoding.UTF8.GetBytes(text.ToString());
            if (LinkFormat.TryParse(utf8, out var links))
            {
                taken++;
                var written = LinkFormat.Write(links);
                Assert.True(LinkFormat.TryParse(written, out var again), written);
                Assert.Equal(written, LinkFormat.Write(again));
            }
            if (LinkList.TryParse(utf8, out var list))
            {
                Assert.Equal(list.Paths, list.Paths.Distinct().Order());
            }
        }
        Assert.InRange(taken, 100, 19_000);
    }
}
