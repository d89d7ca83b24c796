namespace Starling.Lwm2m;

/// <summary>The version of an object: <c>1.2</c> (LwM2M Core 1.2 §7.2.2).</summary>
public readonly record struct ObjectVersion(byte Major, byte Minor) : IComparable<ObjectVersion>
{
    /// <summary>1.0, the version of an object that tells none.</summary>
    public static ObjectVersion V10 => new(1, 0);

    /// <summary>Reads <c>1.2</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ObjectVersion version)
    {
        version = default;
        var dot = text.IndexOf('.');
        if (dot < 0
            || !byte.TryParse(text[..dot], System.Globalization.NumberStyles.None, null, out var major)
            || !byte.TryParse(text[(dot + 1)..], System.Globalization.NumberStyles.None, null, out var minor))
        {
            return false;
        }
        version = new ObjectVersion(major, minor);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ObjectVersion other) => ((Major << 8) | Minor).CompareTo((other.Major << 8) | other.Minor);
    /// <inheritdoc/>
    public static bool operator <(ObjectVersion left, ObjectVersion right) => left.CompareTo(right) < 0;
    /// <inheritdoc/>
    public static bool operator >(ObjectVersion left, ObjectVersion right) => left.CompareTo(right) > 0;
    /// <inheritdoc/>
    public static bool operator <=(ObjectVersion left, ObjectVersion right) => left.CompareTo(right) <= 0;
    /// <inheritdoc/>
    public static bool operator >=(ObjectVersion left, ObjectVersion right) => left.CompareTo(right) >= 0;

    /// <summary>As it is written: <c>1.2</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}";
}
