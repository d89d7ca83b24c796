namespace Starling.Lwm2m.Tests;

public class ExecuteArgumentsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("5", "5")]
    [InlineData("2='10.3'", "2:10.3")]
    [InlineData("0,1,4='abc'", "0 1 4:abc")]
    [InlineData("7='0=U,1'", "7:0=U,1")]
    [InlineData("0=''", "0:")]
    public void Arguments_are_read(string text, string wanted)
    {
        Assert.True(ExecuteArguments.TryParse(text, out var arguments));
        Assert.Equal(wanted, string.Join(' ', arguments.Select(a => a.Value is null ? $"{a.Key}" : $"{a.Key}:{a.Value}")));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("10")]
    [InlineData(",")]
    [InlineData("0,")]
    [InlineData("0,,1")]
    [InlineData("0,0")]
    [InlineData("0='a',0='b'")]
    [InlineData("0=")]
    [InlineData("0=a")]
    [InlineData("0='a")]
    [InlineData("0=a'")]
    [InlineData("0='a b'")]
    [InlineData("0='a\"b'")]
    [InlineData("0='a\\b'")]
    [InlineData("0='ä'")]
    [InlineData("0 ='a'")]
    [InlineData("0='a' ")]
    public void What_the_grammar_has_not_is_no_list(string text) => Assert.False(ExecuteArguments.TryParse(text, out _));
}
