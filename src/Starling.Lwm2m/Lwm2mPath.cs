using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Starling.Lwm2m;

/// <summary>
/// A path of 0 to 4 numbers: object, object instance, resource, resource instance (LwM2M Core 1.2 §7). The default is <c>/</c>.
/// Each number is kept as number + 1 in 16 bits, from the top, so the order of the integers is the order of the tree.
/// 65535 is never a number here.
/// </summary>
public readonly record struct Lwm2mPath : IComparable<Lwm2mPath>, ISpanParsable<Lwm2mPath>, ISpanFormattable
{
    /// <summary>The largest number at any level, 65534.</summary>
    public const int MaxId = 65534;

    private readonly ulong _bits;

    private Lwm2mPath(ulong bits) => _bits = bits;

    /// <summary>The path of an object.</summary>
    public Lwm2mPath(int objectId) : this(Level(objectId, 48)) { }

    /// <summary>The path of an object instance.</summary>
    public Lwm2mPath(int objectId, int instanceId) : this(Level(objectId, 48) | Level(instanceId, 32)) { }

    /// <summary>The path of a resource.</summary>
    public Lwm2mPath(int objectId, int instanceId, int resourceId) : this(Level(objectId, 48) | Level(instanceId, 32) | Level(resourceId, 16)) { }

    /// <summary>The path of a resource instance.</summary>
    public Lwm2mPath(int objectId, int instanceId, int resourceId, int resourceInstanceId)
        : this(Level(objectId, 48) | Level(instanceId, 32) | Level(resourceId, 16) | Level(resourceInstanceId, 0)) { }

    /// <summary><c>/</c>, above all objects.</summary>
    public static Lwm2mPath Root => default;

    /// <summary>How many numbers the path has, 0 to 4.</summary>
    public int Depth => _bits == 0 ? 0 : 4 - (System.Numerics.BitOperations.TrailingZeroCount(_bits) >> 4);

    /// <summary>No number at all.</summary>
    public bool IsRoot => _bits == 0;
    /// <summary>Exactly an object.</summary>
    public bool IsObject => Depth == 1;
    /// <summary>Exactly an object instance.</summary>
    public bool IsInstance => Depth == 2;
    /// <summary>Exactly a resource.</summary>
    public bool IsResource => Depth == 3;
    /// <summary>Exactly a resource instance.</summary>
    public bool IsResourceInstance => Depth == 4;

    /// <summary>The object's number; −1 when the path has none.</summary>
    public int ObjectId => (int)(_bits >> 48) - 1;
    /// <summary>The object instance's number; −1 when the path has none.</summary>
    public int InstanceId => (int)((_bits >> 32) & 0xffff) - 1;
    /// <summary>The resource's number; −1 when the path has none.</summary>
    public int ResourceId => (int)((_bits >> 16) & 0xffff) - 1;
    /// <summary>The resource instance's number; −1 when the path has none.</summary>
    public int ResourceInstanceId => (int)(_bits & 0xffff) - 1;

    /// <summary>The number at a level from 0 (object) to 3 (resource instance); −1 when the path has none there.</summary>
    public int this[int level] => (int)((_bits >> (48 - (16 * level))) & 0xffff) - 1;

    /// <summary>The path without its last number; <c>/</c> stays <c>/</c>.</summary>
    public Lwm2mPath Parent => Take(Math.Max(Depth - 1, 0));

    /// <summary>The first <paramref name="depth"/> numbers of the path.</summary>
    public Lwm2mPath Take(int depth) => depth switch
    {
        <= 0 => default,
        >= 4 => this,
        _ => new Lwm2mPath(_bits & (ulong.MaxValue << (64 - (16 * depth)))),
    };

    /// <summary>The path with one more number behind it.</summary>
    /// <exception cref="InvalidOperationException">The path has four already.</exception>
    public Lwm2mPath Append(int id)
    {
        var depth = Depth;
        return depth == 4
            ? throw new InvalidOperationException("A path has at most four numbers.")
            : new Lwm2mPath(_bits | Level(id, 48 - (16 * depth)));
    }

    /// <summary>The path with another's numbers behind it; false when they are more than four together.</summary>
    internal bool TryAppend(Lwm2mPath below, out Lwm2mPath path)
    {
        var depth = Depth;
        path = depth == 0 ? below : new Lwm2mPath(depth == 4 ? _bits : _bits | (below._bits >> (16 * depth)));
        return depth + below.Depth <= 4;
    }

    /// <summary>Whether the path is <paramref name="ancestor"/> or lies below it.</summary>
    public bool StartsWith(Lwm2mPath ancestor) => Take(ancestor.Depth) == ancestor;

    /// <summary>The order of the tree: a path before what lies below it.</summary>
    public int CompareTo(Lwm2mPath other) => _bits.CompareTo(other._bits);

    /// <inheritdoc/>
    public static bool operator <(Lwm2mPath left, Lwm2mPath right) => left._bits < right._bits;
    /// <inheritdoc/>
    public static bool operator >(Lwm2mPath left, Lwm2mPath right) => left._bits > right._bits;
    /// <inheritdoc/>
    public static bool operator <=(Lwm2mPath left, Lwm2mPath right) => left._bits <= right._bits;
    /// <inheritdoc/>
    public static bool operator >=(Lwm2mPath left, Lwm2mPath right) => left._bits >= right._bits;

    /// <summary>Reads <c>/3/0/9</c>; the first slash may be missing, a last one may not be there.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Lwm2mPath path)
    {
        path = default;
        if (text is "" or "/")
        {
            return true;
        }
        if (text[0] == '/')
        {
            text = text[1..];
        }
        ulong bits = 0;
        var shift = 48;
        foreach (var range in text.Split('/'))
        {
            if (shift < 0 || !TryParseId(text[range], out var id))
            {
                return false;
            }
            bits |= (ulong)(id + 1) << shift;
            shift -= 16;
        }
        path = new Lwm2mPath(bits);
        return true;
    }

    /// <summary>Reads <c>/3/0/9</c> from UTF-8 with the same rules.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Lwm2mPath path)
    {
        path = default;
        if (utf8 is [] or [(byte)'/'])
        {
            return true;
        }
        ulong bits = 0;
        var at = utf8[0] == '/' ? 1 : 0;
        for (var shift = 48; shift >= 0; shift -= 16)
        {
            if (!TryReadId(utf8, ref at, out var id))
            {
                return false;
            }
            bits |= (ulong)(id + 1) << shift;
            if (at == utf8.Length)
            {
                path = new Lwm2mPath(bits);
                return true;
            }
            if (utf8[at++] != '/')
            {
                return false;
            }
        }
        return false;
    }

    /// <summary>Reads one number of a path: decimal, no leading zeros, 0 to 65534.</summary>
    public static bool TryParseId(ReadOnlySpan<char> text, out int id)
    {
        id = 0;
        if (text.Length is 0 or > 5 || (text[0] == '0' && text.Length > 1))
        {
            return false;
        }
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
            id = (id * 10) + (c - '0');
        }
        return id <= MaxId;
    }

    /// <inheritdoc/>
    public static Lwm2mPath Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, out var path) ? path : throw new FormatException($"'{s}' is no LwM2M path: up to four numbers of 0 to 65534, as in /3/0/9.");

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Lwm2mPath result) => TryParse(s, out result);

    /// <inheritdoc/>
    public static Lwm2mPath Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Lwm2mPath result)
    {
        result = default;
        return s is not null && TryParse(s.AsSpan(), out result);
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        charsWritten = 0;
        var depth = Depth;
        if (depth == 0)
        {
            if (destination.IsEmpty)
            {
                return false;
            }
            destination[0] = '/';
            charsWritten = 1;
            return true;
        }
        for (var level = 0; level < depth; level++)
        {
            if (charsWritten == destination.Length)
            {
                return false;
            }
            destination[charsWritten++] = '/';
            if (!this[level].TryFormat(destination[charsWritten..], out var digits, provider: CultureInfo.InvariantCulture))
            {
                return false;
            }
            charsWritten += digits;
        }
        return true;
    }

    /// <summary>The path as it is written: <c>/3/0/9</c>.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[24];
        TryFormat(text, out var length);
        return text[..length].ToString();
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    private static bool TryReadId(ReadOnlySpan<byte> utf8, ref int at, out int id)
    {
        var start = at;
        id = 0;
        while (at < utf8.Length && at - start < 5 && char.IsAsciiDigit((char)utf8[at]))
        {
            id = (id * 10) + (utf8[at++] - '0');
        }
        return at > start && id <= MaxId && (utf8[start] != '0' || at - start == 1);
    }

    private static ulong Level(int id, int shift)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, MaxId);
        return (ulong)(id + 1) << shift;
    }
}
