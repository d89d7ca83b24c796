namespace Starling.Lwm2m;

/// <summary>
/// The arguments of Execute (LwM2M Core 1.2 §6.3.5): <c>0='U',1</c>. A digit names an argument and stands at most once; its value is optional,
/// in single quotes, of printable ASCII without blanks, quotes and backslashes.
/// </summary>
public static class ExecuteArguments
{
    /// <summary>Reads a list of arguments: digits 0 to 9 and their values, null for a digit alone. The empty text is the empty list.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IReadOnlyList<KeyValuePair<int, string?>> arguments)
    {
        arguments = [];
        if (text.IsEmpty)
        {
            return true;
        }
        var found = new List<KeyValuePair<int, string?>>(1);
        var seen = 0;
        while (TryTake(ref text, out var digit, out var value) && (seen & (1 << digit)) == 0)
        {
            seen |= 1 << digit;
            found.Add(new(digit, value));
            if (text.IsEmpty)
            {
                arguments = found;
                return true;
            }
            if (text[0] != ',')
            {
                return false;
            }
            text = text[1..];
        }
        return false;
    }

    private static bool TryTake(ref ReadOnlySpan<char> text, out int digit, out string? value)
    {
        digit = 0;
        value = null;
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]))
        {
            return false;
        }
        digit = text[0] - '0';
        text = text[1..];
        if (text.IsEmpty || text[0] != '=')
        {
            return true;
        }
        var end = text.Length > 1 && text[1] == '\'' ? text[2..].IndexOf('\'') : -1;
        if (end < 0 || !AreAllowed(text.Slice(2, end)))
        {
            return false;
        }
        value = text.Slice(2, end).ToString();
        text = text[(end + 3)..];
        return true;
    }

    private static bool AreAllowed(ReadOnlySpan<char> value)
    {
        foreach (var c in value)
        {
            if (c is <= ' ' or '"' or '\\' or > '~')
            {
                return false;
            }
        }
        return true;
    }
}
