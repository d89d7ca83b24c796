namespace Starling.Platform.Tests;

public sealed class HostPortTests
{
    [Theory]
    [InlineData("127.0.0.1:5683", "127.0.0.1:5683")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("*:5683", "[::]:5683")]
    [InlineData("0.0.0.0:65535", "0.0.0.0:65535")]
    public void Address_as_people_write_it_is_read(string text, string expected)
    {
        Assert.True(HostPort.TryParse(text, out var address));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("5683")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.1:80")]
    [InlineData("::1:80")]
    [InlineData("example.com:80")]
    public void What_is_no_address_is_refused(string text) => Assert.False(HostPort.TryParse(text, out _));
}
