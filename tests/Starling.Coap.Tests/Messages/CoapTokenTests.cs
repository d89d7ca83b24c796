namespace Starling.Coap.Tests;

public sealed class CoapTokenTests
{
    [Fact]
    public void Token_of_any_length_goes_out_as_it_came()
    {
        var random = new Random(8);
        for (var length = 0; length <= CoapToken.MaxLength; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var token = CoapToken.From(bytes);
            var copy = new byte[CoapToken.MaxLength];
            Assert.Equal(length, token.CopyTo(copy));
            Assert.Equal(bytes, copy[..length]);
            Assert.Equal(Convert.ToHexStringLower(bytes), token.ToString());
        }
    }

    [Fact]
    public void Tokens_that_differ_only_in_length_are_different() =>
        Assert.NotEqual(CoapToken.From([0]), CoapToken.From([0, 0]));

    [Fact]
    public void Longer_tokens_are_the_callers_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CoapToken.From(new byte[9]));
}
