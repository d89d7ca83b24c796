using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

public sealed class LinkListTests
{
    [Theory]
    [InlineData("</1/0>,</3/0>,</5>", "/1/0 /3/0 /5")]
    [InlineData("</5>,</3/0>,</1/1>,</1/0>,</3/0>", "/1/0 /1/1 /3/0 /5")]      // sorted, each once
    [InlineData("</0/0>,</21/0>,</23>,</0>,</1/0>", "/1/0")]                   // never listed
    [InlineData("</1/0/>,</3/>", "/1/0 /3")]
    [InlineData("</1/0/1>,</sensors/temp>;rt=\"x\",<coap://a/1>,</65535>,</01>", "")]
    [InlineData("</lwm2m>;rt=\"oma.lwm2m\",</lwm2m/1/0>,</lwm2m/3/0>", "/1/0 /3/0")]
    [InlineData("</1/0>,</3/0>,</lwm2m>;rt=\"oma.lwm2m\"", "/1/0 /3/0")]
    [InlineData("", "")]
    public void Paths_are_objects_and_instances(string text, string paths) =>
        Assert.Equal(paths, string.Join(' ', Parse(text).Paths));

    [Theory]
    [InlineData("</1/0>", "")]
    [InlineData("</>;rt=\"oma.lwm2m\"", "")]
    [InlineData("</lwm2m>;rt=\"oma.lwm2m\"", "/lwm2m")]
    [InlineData("</lwm2m/>;rt=oma.lwm2m", "/lwm2m")]
    [InlineData("</a/b2>;rt=\"x oma.lwm2m\"", "/a/b2")]
    [InlineData("</lwm2m>;rt=\"oma.lwm2mx\"", "")]
    [InlineData("</lwm2m>;rt=\"oma.\\lwm2m\"", "/lwm2m")]   // an escape that needs not be
    public void Root_is_the_link_that_says_so(string text, string root) => Assert.Equal(root, Parse(text).Root);

    [Theory]
    [InlineData("</3>;rt=\"oma.lwm2m\"")]
    [InlineData("</a/3/b>;rt=\"oma.lwm2m\"")]
    [InlineData("</a//b>;rt=\"oma.lwm2m\"")]
    [InlineData("<a>;rt=\"oma.lwm2m\"")]
    public void Root_that_could_be_an_object_is_refused(string text) => Assert.False(LinkList.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Root_longer_than_the_limit_is_refused()
    {
        var text = $"</{new string('a', 200)}>;rt=\"oma.lwm2m\"";
        Assert.False(LinkList.TryParse(Encoding.UTF8.GetBytes(text), out _));
        Assert.True(LinkList.TryParse(Encoding.UTF8.GetBytes(text), out _, new LinkLimits { MaxRootBytes = 300 }));
    }

    [Theory]
    [InlineData("</1>;ver=1.1,</1/0>", "1=1.1")]
    [InlineData("</1>;ver=\"1.1\",</1/0>", "1=1.1")]
    [InlineData("</44/0>;ver=2.2", "44=2.2")]
    [InlineData("</44>;ver=2.0,</44/0>;ver=2.2", "44=2.0")]
    [InlineData("</44/0>;ver=2.2,</44>;ver=2.0", "44=2.0")]
    [InlineData("</1>;ver=,</3>;ver,</4>;ver=x,</5>;ver=1.0.1", "")]
    public void Versions_stand_on_objects_or_instances(string text, string versions) =>
        Assert.Equal(versions, string.Join(' ', Parse(text).Versions.Select(v => $"{v.Key}={v.Value}")));

    [Theory]
    [InlineData("</>;ct=110", "110")]
    [InlineData("</>;ct=\"60 110 112 11544\"", "60 110 112 11544")]
    [InlineData("</lwm2m>;ct=112;rt=\"oma.lwm2m\"", "112")]
    [InlineData("</>;ct=\"x 110 70000\"", "110")]
    [InlineData("</3/0>;ct=110", "")]
    public void Formats_stand_on_the_root_link(string text, string formats) =>
        Assert.Equal(formats, string.Join(' ', Parse(text).Formats.Select(f => f.Value)));

    [Fact]
    public void Text_is_kept() => Assert.Equal(" </1/0>", Parse(" </1/0>").Text);

    [Fact]
    public void Created_list_reads_as_itself()
    {
        var list = LinkList.Create(
            [new(3, 0), new(1, 0), new(1, 1), new(5), new(0, 0), new(3)],
            new Dictionary<int, ObjectVersion> { [3] = new(1, 2) }, "/lwm2m", [ContentFormat.SenmlCbor, ContentFormat.Tlv]);
        Assert.Equal("</lwm2m>;rt=\"oma.lwm2m\";ct=\"112 11542\",</lwm2m/1/0>,</lwm2m/1/1>,</lwm2m/3>;ver=1.2,</lwm2m/3/0>,</lwm2m/5>", list.Text);
        var read = Parse(list.Text);
        Assert.Equal(list.Paths, read.Paths);
        Assert.Equal((list.Root, 1, new ObjectVersion(1, 2)), (read.Root, read.Versions.Count, read.Versions[3]));
        Assert.Equal(list.Formats, read.Formats);
    }

    [Fact]
    public void Created_list_without_extras_is_plain() => Assert.Equal("</1/0>,</3/0>,</5>", LinkList.Create([new(5), new(3, 0), new(1, 0)]).Text);

    private static LinkList Parse(string text)
    {
        Assert.True(LinkList.TryParse(Encoding.UTF8.GetBytes(text), out var list), text);
        return list;
    }

    [Fact]
    public void Formats_are_looked_at_up_to_a_limit()
    {
        var list = $"</>;ct=\"{string.Join(' ', Enumerable.Range(0, 100))}\",</3/0>";
        Assert.True(LinkList.TryParse(System.Text.Encoding.UTF8.GetBytes(list), out var read));
        Assert.Equal(32, read.Formats.Count);
        Assert.Same(read.Formats, read.Spoken.Announced);
        Assert.Same(PeerFormats.Unknown, LinkList.None.Spoken);
    }
}
