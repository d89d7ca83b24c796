using System.Text;

namespace Starling.Lwm2m;

/// <summary>Escapes in JSON strings (RFC 8259 §7).</summary>
internal static class JsonEscapes
{
    /// <summary>Where the string ends whose content begins the span; −1 when it does not.</summary>
    public static int EndOfText(ReadOnlySpan<byte> rest, int at)
    {
        while (at < rest.Length && rest[at] != '"')
        {
            at += rest[at] == '\\' ? 2 : 1;
        }
        return at < rest.Length ? at : -1;
    }

    /// <summary>Puts in the characters that escapes stand for; false when one stands for none.</summary>
    public static bool TryUndo(ref ReadOnlySpan<byte> utf8)
    {
        var plain = new byte[utf8.Length];   // an escape is never shorter than what it stands for
        var length = 0;
        for (var at = 0; at < utf8.Length;)
        {
            if (utf8[at] != '\\')
            {
                plain[length++] = utf8[at++];
                continue;
            }
            if (!TryReadEscape(utf8, ref at, out var rune))
            {
                return false;
            }
            length += rune.EncodeToUtf8(plain.AsSpan(length));
        }
        utf8 = plain.AsSpan(0, length);
        return true;
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> utf8, ref int at, out Rune rune)
    {
        var letter = utf8[at + 1];   // EndOfText saw to it that one is there
        if (letter != 'u')
        {
            at += 2;
            var index = "\"\\/bfnrt"u8.IndexOf(letter);
            rune = new Rune(index < 0 ? ' ' : "\"\\/\b\f\n\r\t"[index]);
            return index >= 0;
        }
        if (TryReadUnit(utf8, ref at, out var first) && Rune.TryCreate(first, out rune))
        {
            return true;
        }
        rune = default;
        return char.IsHighSurrogate(first) && TryReadUnit(utf8, ref at, out var second) && Rune.TryCreate(first, second, out rune);
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> utf8, ref int at, out char unit)
    {
        unit = default;
        if (utf8.Length - at < 6 || utf8[at] != '\\' || utf8[at + 1] != 'u')
        {
            return false;
        }
        foreach (var digit in utf8.Slice(at + 2, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
            unit = (char)((unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10));
        }
        at += 6;
        return true;
    }
}
