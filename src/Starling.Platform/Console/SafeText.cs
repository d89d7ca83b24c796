using System.Globalization;
using System.Text;

namespace Starling.Platform;

/// <summary>
/// Text from devices as a page may show it: markup is the renderer's to escape, but control characters, bidirectional overrides and invisible
/// characters would still change what a reader sees. They are written as U+202E; long text is cut and says so.
/// </summary>
internal static class SafeText
{
    private const int Limit = 200;

    /// <summary>The text in one line.</summary>
    /// <param name="text">What the device said.</param>
    /// <param name="limit">How many characters are shown.</param>
    public static string Line(string? text, int limit = Limit)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }
        var shown = new StringBuilder(Math.Min(text.Length, limit) + 16);
        var taken = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (taken >= limit)
            {
                shown.Append(CultureInfo.InvariantCulture, $" … ({text.Length:N0} characters)");
                break;
            }
            taken += rune.Utf16SequenceLength;
            if (IsTrick(rune))
            {
                shown.Append(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩");
            }
            else
            {
                shown.Append(rune.ToString());
            }
        }
        return shown.ToString();
    }

    // Combining marks in a row would paint over the lines above, so they are named too.
    private static bool IsTrick(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => true,
        _ => rune.Value == 0xFFFD,
    };
}
