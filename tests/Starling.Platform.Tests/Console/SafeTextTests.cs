namespace Starling.Platform.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Grüße 温度 🌡", "Grüße 温度 🌡")]
    [InlineData("a\u202Egnp.exe", "a⟨U+202E⟩gnp.exe")]
    [InlineData("one\r\ntwo\0", "one⟨U+000D⟩⟨U+000A⟩two⟨U+0000⟩")]
    [InlineData("zero\u200Bwidth\uFEFF", "zero⟨U+200B⟩width⟨U+FEFF⟩")]
    [InlineData("tags\U000E0041", "tags⟨U+E0041⟩")]
    [InlineData(null, "")]
    public void Tricks_are_named_and_letters_stay(string? text, string shown) => Assert.Equal(shown, SafeText.Line(text));

    [Fact]
    public void Half_a_character_is_named() => Assert.Equal("half⟨U+FFFD⟩", SafeText.Line("half" + (char)0xD800));

    [Fact]
    public void Megabyte_is_cut_and_says_how_long_it_was()
    {
        var shown = SafeText.Line(new string('x', 1 << 20), 80);
        Assert.Equal(new string('x', 80) + " … (1,048,576 characters)", shown);
    }

    [Fact]
    public void Marks_cannot_pile_up() => Assert.DoesNotContain('\u0301', SafeText.Line("e" + new string('\u0301', 50), 10));
}
