using Starling.Coap;

namespace Starling.Server.Tests;

public sealed class EndpointPatternTests
{
    private static readonly PeerIdentity _psk = new PeerIdentity.PreSharedKey("dev-1");
    private static readonly PeerIdentity _key = new PeerIdentity.PublicKey("ab12");
    private static readonly PeerIdentity _certificate = new PeerIdentity.Certificate("CN=dev-1", "dev-1", ["a.example", "urn:dev:7"], "cd34");

    [Theory]
    [InlineData("{identity}", "dev-1", true)]
    [InlineData("{identity}", "dev-2", false)]
    [InlineData("urn:{identity}", "urn:dev-1", true)]
    [InlineData("urn:{identity}", "urn:dev-1x", false)]
    [InlineData("*", "anything", true)]
    [InlineData("*", "", false)]
    [InlineData("a*", "a", false)]
    [InlineData("dev*z", "devz", false)]
    [InlineData("dev*z", "dev-z", true)]
    [InlineData("{identity}*", "dev-1-b", true)]
    [InlineData("{cn}", "dev-1", false)]
    [InlineData("{cn}*", "dev-1", false)]
    [InlineData("{fingerprint}", "", false)]
    [InlineData("fixed", "fixed", true)]
    public void Pattern_allows_a_pre_shared_key_its_names(string pattern, string endpoint, bool isAllowed) =>
        Assert.Equal(isAllowed, EndpointPattern.Parse(pattern).Allows(_psk, endpoint));

    [Theory]
    [InlineData("{cn}", "dev-1", true)]
    [InlineData("{san}", "a.example", true)]
    [InlineData("{san}", "urn:dev:7", true)]
    [InlineData("{san}", "dev-1", false)]
    [InlineData("x-{san}-*", "x-a.example-3", true)]
    [InlineData("{fingerprint}", "cd34", true)]
    [InlineData("{identity}", "dev-1", false)]
    public void Pattern_allows_a_certificate_its_names(string pattern, string endpoint, bool isAllowed) =>
        Assert.Equal(isAllowed, EndpointPattern.Parse(pattern).Allows(_certificate, endpoint));

    [Fact]
    public void One_name_stands_for_an_identity_and_more_than_one_does_not()
    {
        Assert.Equal("urn:dev-1", EndpointPattern.Parse("urn:{identity}").NameOf(_psk));
        Assert.Equal("ab12", EndpointPattern.Parse("{fingerprint}").NameOf(_key));
        Assert.Null(EndpointPattern.Parse("{identity}").NameOf(_key));
        Assert.Null(EndpointPattern.Parse("*").NameOf(_psk));
        Assert.Null(EndpointPattern.Parse("{san}").NameOf(_certificate));
        Assert.Equal("dev-1", EndpointPattern.Parse("{cn}").NameOf(_certificate));
    }

    [Fact]
    public void Placeholders_in_a_claim_are_text() =>
        Assert.False(EndpointPattern.Parse("{identity}").Allows(new PeerIdentity.PreSharedKey("*"), "dev-1"));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("a}")]
    [InlineData("{name}")]
    [InlineData("*-*")]
    [InlineData("{san}{san}")]
    public void Text_that_is_no_pattern_is_refused_with_a_reason(string text)
    {
        Assert.False(EndpointPattern.TryParse(text, out _, out var why));
        Assert.NotEmpty(why);
        Assert.Throws<FormatException>(() => EndpointPattern.Parse(text));
    }

    [Fact]
    public void Pattern_of_256_characters_is_refused() => Assert.False(EndpointPattern.TryParse(new string('a', 256), out _, out _));
}
