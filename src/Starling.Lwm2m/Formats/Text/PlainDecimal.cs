using System.Globalization;

namespace Starling.Lwm2m;

/// <summary>Floating-point numbers in decimal without exponent, as short as still says exactly the same number (LwM2M Core 1.2 appendix C).</summary>
internal static class PlainDecimal
{
    /// <summary>Writes a finite number.</summary>
    public static bool TryFormat(double value, Span<byte> utf8, out int written)
    {
        if (!value.TryFormat(utf8, out written, "R", CultureInfo.InvariantCulture))
        {
            return false;
        }
        var at = utf8[..written].IndexOf((byte)'E');
        if (at < 0)
        {
            return true;
        }
        Span<byte> text = stackalloc byte[32];
        utf8[..written].CopyTo(text);
        return TryExpand(text[..at], int.Parse(text[(at + 1)..written], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), utf8, out written);
    }

    /// <summary>Writes mantissa and exponent (<c>-1.5</c>, 20) as <c>-150000000000000000000</c>.</summary>
    private static bool TryExpand(ReadOnlySpan<byte> mantissa, int exponent, Span<byte> utf8, out int written)
    {
        written = 0;
        Span<byte> digits = stackalloc byte[mantissa.Length];
        var count = 0;
        foreach (var c in mantissa)
        {
            if (char.IsAsciiDigit((char)c))
            {
                digits[count++] = c;
            }
        }
        var whole = exponent + 1;   // digits in front of the point: "R" writes one before it shows an exponent
        if (utf8.Length < 3 + count + Math.Abs(whole))
        {
            return false;
        }
        if (mantissa[0] == '-')
        {
            utf8[written++] = (byte)'-';
        }
        if (whole <= 0)
        {
            "0."u8.CopyTo(utf8[written..]);
            utf8.Slice(written + 2, -whole).Fill((byte)'0');
            written += 2 - whole;
        }
        // An exponent is shown from 1E+15 up, and 17 digits may be more than it makes whole.
        for (var i = 0; i < Math.Max(count, whole); i++)
        {
            if (i == whole && whole > 0)
            {
                utf8[written++] = (byte)'.';
            }
            utf8[written++] = i < count ? digits[i] : (byte)'0';
        }
        return true;
    }
}
