namespace Starling.Platform.Tests;

public sealed class MomentsTests
{
    private static readonly DateTimeOffset _now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(86_399, "23 h 59 min")]
    [InlineData(90_000, "1 d 1 h")]
    [InlineData(-5, "0 s")]
    public void Span_has_two_units(int seconds, string words) => Assert.Equal(words, Moments.Span(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Lifetime_ends_is_over_or_has_no_end()
    {
        Assert.Equal("5 min", Moments.Left(_now.AddMinutes(5), _now));
        Assert.Equal("overdue", Moments.Left(_now, _now));
        Assert.Equal("no end", Moments.Left(null, _now));
        Assert.Equal("just now", Moments.Ago(_now.AddSeconds(-1), _now));
        Assert.Equal("2 min ago", Moments.Ago(_now.AddMinutes(-2), _now));
    }
}
