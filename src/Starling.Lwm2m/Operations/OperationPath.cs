using System.Globalization;
using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Paths as Uri-Path and Location-Path options, behind the alternate path (LwM2M Core 1.2 §6.2.1, §7).</summary>
internal static class OperationPath
{
    /// <summary>Adds one option for each segment of the alternate path and each number. There is never an empty last segment.</summary>
    public static void Add(ref CoapOptionsBuilder options, OptionNumber number, string root, Lwm2mPath path)
    {
        options.AddPath(number, root);
        Span<byte> digits = stackalloc byte[5];
        for (var level = 0; level < path.Depth; level++)
        {
            path[level].TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
            options.Add(number, digits[..length]);
        }
    }

    /// <summary>Reads the segments of one option number as a path. Without the alternate path in front it is read too when <paramref name="rootOptional"/>.</summary>
    public static PathReading Read(CoapOptions options, OptionNumber number, string root, bool rootOptional, out Lwm2mPath path)
    {
        path = default;
        var rest = root.AsSpan().Trim('/');
        var first = true;
        foreach (var option in options)
        {
            if (option.Number != number)
            {
                continue;
            }
            if (first && rootOptional && TryReadId(option.Value, out _))
            {
                rest = default;   // An alternate path has no numeric segment.
            }
            first = false;
            if (!rest.IsEmpty)
            {
                if (!TrySkip(ref rest, option.Value))
                {
                    return PathReading.Unknown;
                }
                continue;
            }
            if (!TryReadId(option.Value, out var id))
            {
                return PathReading.Unknown;
            }
            if (path.Depth == 4)
            {
                return PathReading.TooDeep;
            }
            path = path.Append(id);
        }
        return rest.IsEmpty || rootOptional ? PathReading.Read : PathReading.Unknown;
    }

    private static bool TrySkip(ref ReadOnlySpan<char> rest, ReadOnlySpan<byte> segment)
    {
        var slash = rest.IndexOf('/');
        var wanted = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? default : rest[(slash + 1)..];
        return wanted.SequenceEqual(Encoding.UTF8.GetString(segment));
    }

    private static bool TryReadId(ReadOnlySpan<byte> segment, out int id)
    {
        id = 0;
        Span<char> chars = stackalloc char[5];
        if (segment.Length > chars.Length)
        {
            return false;
        }
        for (var i = 0; i < segment.Length; i++)
        {
            chars[i] = (char)segment[i];
        }
        return Lwm2mPath.TryParseId(chars[..segment.Length], out id);
    }
}

/// <summary>What became of reading a path.</summary>
internal enum PathReading
{
    /// <summary>It was read.</summary>
    Read,
    /// <summary>A segment is no number, or the alternate path is not in front.</summary>
    Unknown,
    /// <summary>More than four numbers.</summary>
    TooDeep,
}
