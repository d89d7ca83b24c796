namespace Starling.Lwm2m;

/// <summary>A version of the enabler: 1.0, 1.1 or 1.2. Patch levels are not told on the wire (LwM2M Core 1.2 §6.2.1).</summary>
public readonly record struct Lwm2mVersion(byte Major, byte Minor) : IComparable<Lwm2mVersion>
{
    /// <summary>LwM2M 1.0.</summary>
    public static Lwm2mVersion V10 => new(1, 0);
    /// <summary>LwM2M 1.1.</summary>
    public static Lwm2mVersion V11 => new(1, 1);
    /// <summary>LwM2M 1.2.</summary>
    public static Lwm2mVersion V12 => new(1, 2);

    /// <summary>Whether it is one that Starling speaks.</summary>
    public bool IsSupported => Major == 1 && Minor <= 2;

    /// <summary>Reads <c>1.2</c>; a patch level behind it (<c>1.2.1</c>) is left aside.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Lwm2mVersion version)
    {
        version = default;
        Span<Range> parts = stackalloc Range[4];
        var count = text.Split(parts, '.');
        if (count is not (2 or 3)
            || !byte.TryParse(text[parts[0]], System.Globalization.NumberStyles.None, null, out var major)
            || !byte.TryParse(text[parts[1]], System.Globalization.NumberStyles.None, null, out var minor))
        {
            return false;
        }
        version = new Lwm2mVersion(major, minor);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Lwm2mVersion other) => ((Major << 8) | Minor).CompareTo((other.Major << 8) | other.Minor);
    /// <inheritdoc/>
    public static bool operator <(Lwm2mVersion left, Lwm2mVersion right) => left.CompareTo(right) < 0;
    /// <inheritdoc/>
    public static bool operator >(Lwm2mVersion left, Lwm2mVersion right) => left.CompareTo(right) > 0;
    /// <inheritdoc/>
    public static bool operator <=(Lwm2mVersion left, Lwm2mVersion right) => left.CompareTo(right) <= 0;
    /// <inheritdoc/>
    public static bool operator >=(Lwm2mVersion left, Lwm2mVersion right) => left.CompareTo(right) >= 0;

    /// <summary>As it is written: <c>1.2</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}";
}
