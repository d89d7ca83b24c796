using System.Text;

namespace Starling.Lwm2m.Tests;

public sealed class Lwm2mPathTests
{
    [Theory]
    [InlineData("", "/", 0)]
    [InlineData("/", "/", 0)]
    [InlineData("/3", "/3", 1)]
    [InlineData("3/0", "/3/0", 2)]
    [InlineData("/3/0/9", "/3/0/9", 3)]
    [InlineData("/65534/65534/65534/65534", "/65534/65534/65534/65534", 4)]
    public void Text_is_read_from_characters_and_from_bytes(string text, string written, int depth)
    {
        Assert.True(Lwm2mPath.TryParse(text, out var path));
        Assert.True(Lwm2mPath.TryParse(Encoding.UTF8.GetBytes(text), out var same));
        Assert.Equal((path, written, depth), (same, path.ToString(), path.Depth));
        Assert.Equal(path, Lwm2mPath.Parse(written));
    }

    [Theory]
    [InlineData("//")]
    [InlineData("/3/")]
    [InlineData("/3//0")]
    [InlineData("/03")]
    [InlineData("/65535")]
    [InlineData("/123456")]
    [InlineData("/-1")]
    [InlineData("/+1")]
    [InlineData("/3/0/9/1/1")]
    [InlineData("/a")]
    [InlineData("/3 ")]
    [InlineData("/3/é")]
    [InlineData("/３")]
    public void Text_that_is_no_path_is_refused(string text)
    {
        Assert.False(Lwm2mPath.TryParse(text, out _));
        Assert.False(Lwm2mPath.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }

    [Fact]
    public void Characters_and_bytes_agree_on_anything()
    {
        const string alphabet = "/0123456789/ a";
        var random = new Random(5);
        for (var i = 0; i < 50_000; i++)
        {
            var text = string.Create(random.Next(16), random, (chars, source) =>
            {
                foreach (ref var c in chars)
                {
                    c = alphabet[source.Next(alphabet.Length)];
                }
            });
            var isPath = Lwm2mPath.TryParse(text, out var path);
            Assert.True(isPath == Lwm2mPath.TryParse(Encoding.UTF8.GetBytes(text), out var same) && path == same, text);
        }
    }

    [Fact]
    public void Order_is_that_of_the_tree()
    {
        Lwm2mPath[] inOrder = [new(1), new(1, 0), new(1, 0, 2), new(1, 0, 2, 0), new(1, 0, 2, 1), new(1, 0, 10), new(1, 1), new(2), new(10)];
        Assert.Equal(inOrder, inOrder.Reverse().Order());
        Assert.True(new Lwm2mPath(1, 0, 2, 1).StartsWith(new(1, 0, 2)));
        Assert.True(new Lwm2mPath(1, 0, 2, 1).StartsWith(Lwm2mPath.Root));
        Assert.False(new Lwm2mPath(1, 0, 20).StartsWith(new(1, 0, 2)));
        Assert.False(new Lwm2mPath(1).StartsWith(new(1, 0)));
    }
}
