using System.Globalization;
using System.Text;

namespace Starling.Lwm2m;

/// <summary>
/// How records are named in a SenML pack that we write: the first has the operation's path as base name, all have the rest as name. So a read of
/// <c>/3/0</c> is <c>bn:"/3/0/"</c> with <c>n:"0"</c>, <c>n:"6/0"</c>, and a read of <c>/3/0/9</c> is <c>bn:"/3/0/9"</c> alone. In fetch and patch
/// packs each record has its whole name: they are lists of paths that have little in common.
/// </summary>
internal static class SenmlNames
{
    /// <summary>The longest name: four numbers and a slash each.</summary>
    public const int MaxName = 24;

    /// <summary>Whether a pack can say these records, numbers that are none aside.</summary>
    public static bool CanSay(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records)
    {
        // An instance that is left open has no name, and an empty container only where it is all there is.
        if (scope.OmitInstance)
        {
            return false;
        }
        if (records.Length == 1 && records[0].Value.Kind == ValueKind.Empty)
        {
            return records[0].Path == scope.BasePath && scope.BasePath.Depth is > 0 and < 4 && records[0].Time is null;
        }
        foreach (ref readonly var record in records)
        {
            if (record.Value.Kind < ValueKind.String || record.Path.Depth < 3 || !record.Path.StartsWith(scope.BasePath)
                || (record.Time is { } time && SecondsOf(time) < SenmlPack.FirstAbsoluteTime))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether a fetch pack (paths only) or a patch pack (a value or null for each path) can say these records, numbers that are none aside.</summary>
    public static bool CanSayEtch(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records)
    {
        var isFetch = records.Length > 0 && records[0].Value.Kind == ValueKind.None;
        foreach (ref readonly var record in records)
        {
            var isPath = record.Value.Kind == ValueKind.None && record.Time is null;
            var isChange = record.Value.Kind is >= ValueKind.String or ValueKind.Null && record.Path.Depth >= 3;
            if (!(isFetch ? isPath : isChange) || !record.Path.StartsWith(scope.BasePath)
                || (record.Time is { } time && SecondsOf(time) < SenmlPack.FirstAbsoluteTime))
            {
                return false;
            }
        }
        return records.Length > 0 && !scope.OmitInstance;
    }

    /// <summary>How many bytes <see cref="WriteBase"/> and <see cref="WriteWhole"/> need.</summary>
    public static int MaxBase(in CodecScope scope) => Encoding.UTF8.GetMaxByteCount(scope.Root.Length) + MaxName + 1;

    /// <summary>Whether the base name ends in the slash that the names go on from: not where it is a record's whole name.</summary>
    public static bool EndsInSlash(in CodecScope scope, ReadOnlySpan<Lwm2mRecord> records)
    {
        if (scope.BasePath.Depth >= 3)
        {
            foreach (ref readonly var record in records)
            {
                if (record.Path == scope.BasePath)
                {
                    return false;
                }
            }
        }
        return true;
    }

    /// <summary>Writes the base name.</summary>
    public static int WriteBase(in CodecScope scope, bool endsInSlash, Span<byte> utf8)
    {
        var length = Encoding.UTF8.GetBytes(scope.Root, utf8);
        length += WriteFrom(scope.BasePath, 0, utf8[length..], slashFirst: true);
        if (endsInSlash)
        {
            utf8[length++] = (byte)'/';
        }
        return length;
    }

    /// <summary>Writes a path as a name that needs no base name, behind the alternate path: <c>/3/0/9</c>, <c>/</c>.</summary>
    public static int WriteWhole(in CodecScope scope, Lwm2mPath path, Span<byte> utf8)
    {
        var length = Encoding.UTF8.GetBytes(scope.Root, utf8);
        length += WriteFrom(path, 0, utf8[length..], slashFirst: true);
        if (length == 0)
        {
            utf8[length++] = (byte)'/';
        }
        return length;
    }

    /// <summary>The base name as text.</summary>
    public static string BaseText(in CodecScope scope, bool endsInSlash)
    {
        var utf8 = new byte[MaxBase(scope)];
        return Encoding.UTF8.GetString(utf8, 0, WriteBase(scope, endsInSlash, utf8));
    }

    /// <summary>Writes the numbers of a path from a depth on, as in <c>6/0</c>; nothing when it has no more.</summary>
    public static int WriteFrom(Lwm2mPath path, int depth, Span<byte> utf8, bool slashFirst)
    {
        var length = 0;
        for (var level = depth; level < path.Depth; level++)
        {
            if (level > depth || slashFirst)
            {
                utf8[length++] = (byte)'/';
            }
            path[level].TryFormat(utf8[length..], out var digits, default, CultureInfo.InvariantCulture);
            length += digits;
        }
        return length;
    }

    /// <summary>A time in seconds, exact to the microsecond.</summary>
    public static double SecondsOf(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / (TimeSpan.TicksPerMillisecond / 1000) / 1e6;
}
