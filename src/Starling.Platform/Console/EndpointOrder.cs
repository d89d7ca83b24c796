namespace Starling.Platform;

/// <summary>Endpoint names in the order that people expect: numbers in them count as numbers, so that meter-2 comes before meter-10.</summary>
internal sealed class EndpointOrder : IComparer<string>
{
    /// <summary>The order; it has no state.</summary>
    public static EndpointOrder Natural { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var (a, b) = (NumberAt(left), NumberAt(right));
            var isNumber = a > 0 && b > 0;
            var order = isNumber ? CompareNumbers(left[..a], right[..b]) : char.ToUpperInvariant(left[0]).CompareTo(char.ToUpperInvariant(right[0]));
            if (order != 0)
            {
                return order;
            }
            left = left[(isNumber ? a : 1)..];
            right = right[(isNumber ? b : 1)..];
        }
        var rest = left.Length.CompareTo(right.Length);
        return rest != 0 ? rest : string.CompareOrdinal(x, y);   // names that differ in case or in leading zeros keep one order
    }

    private static int NumberAt(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
        {
            length++;
        }
        return length;
    }

    // Serial numbers are longer than any integer type.
    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
    }
}
