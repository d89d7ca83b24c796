using System.Globalization;

namespace Starling.Platform;

/// <summary>Times and spans in the words of people.</summary>
internal static class Moments
{
    /// <summary>How long ago: <c>just now</c>, <c>12 s ago</c>.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now) => now - at < TimeSpan.FromSeconds(2) ? "just now" : Span(now - at) + " ago";

    /// <summary>A span in its two largest units: <c>4 min 10 s</c>.</summary>
    public static string Span(TimeSpan span)
    {
        var seconds = (long)Math.Max(0, span.TotalSeconds);
        return seconds switch
        {
            < 60 => Say(seconds, "s"),
            < 3600 => Say(seconds / 60, "min", seconds % 60, "s"),
            < 86_400 => Say(seconds / 3600, "h", seconds % 3600 / 60, "min"),
            _ => Say(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
        };
    }

    /// <summary>What is left of a lifetime.</summary>
    public static string Left(DateTimeOffset? end, DateTimeOffset now) => end switch
    {
        null => "no end",
        { } at when at <= now => "overdue",
        { } at => Span(at - now),
    };

    private static string Say(long number, string unit, long rest = 0, string smaller = "") =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(rest > 0 ? $" {rest} {smaller}" : "")}");
}
