using System.Globalization;
using System.Numerics;

namespace Starling.Lwm2m;

/// <summary>
/// A range as definitions write it (LwM2M Core 1.2 appendix D): <c>0..100</c>, <c>16,32,48</c>, both mixed, or texts between quotes.
/// Files hold prose there too; what is not understood is no rule.
/// </summary>
internal static class ValueRange
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>Whether a number is in the range; true when the range is not understood. A lone number is none: files mean now the number, now its bits.</summary>
    public static bool Allows<T>(ReadOnlySpan<char> range, T number) where T : struct, INumber<T>
    {
        var isInside = false;
        foreach (var part in range.Split(','))
        {
            if (!TryReadPart(range[part], out T low, out T high, out var isLone))
            {
                return true;
            }
            isInside |= number >= low && number <= high;
            if (isLone && range[part].Length == range.Length)
            {
                return true;
            }
        }
        return isInside;
    }

    /// <summary>Whether a length in bytes is in the range; true when the range is not understood. A lone number is the greatest length.</summary>
    public static bool AllowsLength(ReadOnlySpan<char> range, int length) =>
        int.TryParse(range, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? length <= most : Allows(range, length);

    /// <summary>Whether the range is a list of texts between quotes.</summary>
    public static bool IsTexts(ReadOnlySpan<char> range) => range.Length >= 2 && range[0] == '"' && range[^1] == '"';

    /// <summary>Whether a text is one of those between quotes.</summary>
    public static bool AllowsText(ReadOnlySpan<char> range, ReadOnlySpan<char> text)
    {
        foreach (var part in range.Split(','))
        {
            if (range[part].Trim().Trim('"').SequenceEqual(text))
            {
                return true;
            }
        }
        return false;
    }

    private static bool TryReadPart<T>(ReadOnlySpan<char> part, out T low, out T high, out bool isLone) where T : struct, INumber<T>
    {
        var dots = part.IndexOf("..");
        isLone = dots < 0;
        high = default;
        if (!T.TryParse((isLone ? part : part[..dots]).Trim(), Style, CultureInfo.InvariantCulture, out low))
        {
            return false;
        }
        high = low;
        // Some files write three dots.
        return isLone || (T.TryParse(part[(dots + 2)..].TrimStart('.').Trim(), Style, CultureInfo.InvariantCulture, out high) && low <= high);
    }
}
