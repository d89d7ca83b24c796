namespace Starling.Crypto.Tests;

public sealed class SubjectNameTests
{
    [Theory]
    [InlineData("CN=dev-1", "CN=dev-1")]
    [InlineData("CN=dev-1, O=Acme", "CN=dev-1,O=Acme")]
    [InlineData("CN=dev-1,O=Acme", "CN=dev-1,O=Acme")]
    [InlineData("cn=dev-1", "CN=dev-1")]
    [InlineData("CN=\"a, b\", C=DE", "CN=a\\, b,C=DE")]
    public void Name_is_brought_into_one_form(string text, string name)
    {
        Assert.True(SubjectName.TryRead(text, out var read));
        Assert.Equal(name, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dev-1")]
    [InlineData("CN")]
    [InlineData("XX=1")]
    public void Text_that_is_no_name_is_refused(string text) => Assert.False(SubjectName.TryRead(text, out _));
}
