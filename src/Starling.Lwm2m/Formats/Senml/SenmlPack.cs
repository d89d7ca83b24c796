using System.Text;

namespace Starling.Lwm2m;

/// <summary>
/// A SenML pack while it is read, in JSON or CBOR: puts base names and names together, base times and times, and gives values their types
/// (RFC 8428 §4.6; LwM2M Core 1.2 §7.4.5, §7.4.6). A fetch pack becomes records of <see cref="ValueKind.None"/>, in a patch pack null deletes (RFC 8790 §3).
/// </summary>
internal ref struct SenmlPack(CodecScope scope, RecordSet output, SenmlKind kind)
{
    /// <summary>Below this a time counts from now, from here on it is absolute (RFC 8428 §4.5.3).</summary>
    public const double FirstAbsoluteTime = 1 << 28;

    /// <summary>The newest version of SenML that there is, <c>bver</c> 10.</summary>
    public const int Version = 10;

    private const int MaxName = 256;
    private const int UsualName = 64;
    private const double FirstTimeBeyond = 253402300800;   // the year 10000

    private readonly CodecScope _scope = scope;
    private readonly RecordSet _output = output;
    private readonly byte[] _root = scope.Root.Length == 0 ? [] : Encoding.UTF8.GetBytes(scope.Root);
    private ResourceTypes _types = new(scope.Catalog);
    private ReadOnlySpan<byte> _baseName;
    private Lwm2mPath _basePath;   // what the base name says, where it ends in a slash: names then go on from it
    private bool _hasBasePath;
    private double _baseTime;

    /// <summary>Adds one record.</summary>
    public CodecErrorKind Add(in SenmlFields fields)
    {
        if (fields.HasBaseName)
        {
            _baseName = fields.BaseName;
            _hasBasePath = _baseName.EndsWith("/"u8) && TryParse(_baseName, out _basePath, out var isBaseOmitted) && !isBaseOmitted;
        }
        _baseTime = fields.HasBaseTime ? fields.BaseTime : _baseTime;
        if (!fields.HasValue && kind == SenmlKind.Etch)
        {
            return AddPath(fields);
        }
        if (!fields.HasValue)
        {
            // One that only sets the base for the next; a name without a value is a path, which is not data.
            return fields.HasName ? CodecErrorKind.Malformed : CodecErrorKind.None;
        }
        if (!TryResolve(fields.Name, out var path, out var isOmitted) || path.Depth < 3 || !path.StartsWith(_scope.BasePath))
        {
            return CodecErrorKind.Path;
        }
        if (!TryTime(_baseTime + fields.Time, out var time) || (_output.Count > 0 && isOmitted != _output.InstanceOmitted))
        {
            return CodecErrorKind.Malformed;
        }
        var value = fields.Value;
        if (value.Kind == ValueKind.Null ? kind != SenmlKind.Etch : !TryType(path, fields.Value, out value))
        {
            return CodecErrorKind.Type;
        }
        _output.InstanceOmitted = isOmitted;
        return Store(new Lwm2mRecord(path, value, time));
    }

    /// <summary>A record of a fetch pack: nothing but a path, which may be any.</summary>
    private readonly CodecErrorKind AddPath(in SenmlFields fields)
    {
        if (fields.HasOther || !(fields.HasName || fields.HasBaseName))
        {
            return CodecErrorKind.Malformed;
        }
        return (!fields.Name.IsEmpty || !_baseName.IsEmpty) && TryResolve(fields.Name, out var path, out _) && path.StartsWith(_scope.BasePath)
            ? Store(new Lwm2mRecord(path, Lwm2mValue.None))
            : CodecErrorKind.Path;
    }

    private readonly CodecErrorKind Store(in Lwm2mRecord record)
    {
        if (_output.Count >= ContentCodec.MaxRecords)
        {
            return CodecErrorKind.Limit;
        }
        if (kind == SenmlKind.Etch && _output.Count > 0 && (_output.AsSpan()[0].Value.Kind == ValueKind.None) != (record.Value.Kind == ValueKind.None))
        {
            return CodecErrorKind.Malformed;   // a fetch pack and a patch pack in one
        }
        _output.Add(record);
        return CodecErrorKind.None;
    }

    /// <summary>A pack without records: the path is there and has no members (Core 1.2 §6.3.1). What is to be fetched or patched is one record at least.</summary>
    public readonly CodecErrorKind Finish()
    {
        if (_output.Count == 0)
        {
            if (kind == SenmlKind.Etch)
            {
                return CodecErrorKind.Malformed;
            }
            _output.InstanceOmitted = _scope.BasePath.IsObject;
            if (_scope.BasePath.Depth is > 0 and < 4)
            {
                _output.Add(_scope.BasePath, Lwm2mValue.Empty);
            }
        }
        return CodecErrorKind.None;
    }

    private readonly bool TryResolve(ReadOnlySpan<byte> name, out Lwm2mPath path, out bool isOmitted)
    {
        isOmitted = false;
        if (_hasBasePath && !name.IsEmpty && name[0] != '/' && Lwm2mPath.TryParse(name, out var below) && _basePath.TryAppend(below, out path))
        {
            return true;
        }
        path = default;
        var length = _baseName.Length + name.Length;
        if (length > MaxName + _root.Length)
        {
            return false;
        }
        if (name.IsEmpty || _baseName.IsEmpty)
        {
            return TryParse(name.IsEmpty ? _baseName : name, out path, out isOmitted);
        }
        var whole = length <= UsualName ? stackalloc byte[UsualName] : new byte[length];
        _baseName.CopyTo(whole);
        name.CopyTo(whole[_baseName.Length..]);
        return TryParse(whole[..length], out path, out isOmitted);
    }

    private readonly bool TryParse(ReadOnlySpan<byte> name, out Lwm2mPath path, out bool isOmitted)
    {
        isOmitted = false;
        // Names carry the alternate path since 1.2.1; older peers leave it out.
        if (_root.Length > 0 && name.StartsWith(_root) && (name.Length == _root.Length || name[_root.Length] == '/'))
        {
            name = name[_root.Length..];
        }
        if (name.Length > 1 && name[^1] == '/')
        {
            name = name[..^1];
        }
        return Lwm2mPath.TryParse(name, out path) || (isOmitted = TryParseOmitted(name, out path));
    }

    /// <summary>On a Create, 65535 as the instance leaves the number to the device: LwM2M CBOR says so, and it is the one way to say it in SenML.</summary>
    private readonly bool TryParseOmitted(ReadOnlySpan<byte> name, out Lwm2mPath path)
    {
        path = default;
        var at = name.IndexOf("/65535/"u8);
        if (!_scope.BasePath.IsObject || at < 0
            || !Lwm2mPath.TryParse(name[..at], out var head) || head != _scope.BasePath
            || !Lwm2mPath.TryParse(name[(at + 7)..], out var tail) || tail.Depth is 0 or > 2)
        {
            return false;
        }
        path = head.Append(0).Append(tail[0]);
        path = tail.Depth == 2 ? path.Append(tail[1]) : path;
        return true;
    }

    // LwM2M's own JSON has no field for bytes: they are text in base64.
    private bool TryType(Lwm2mPath path, Lwm2mValue raw, out Lwm2mValue value)
    {
        if (kind != SenmlKind.Lwm2mJson || raw.Kind != ValueKind.String || _types.Find(path) != ValueKind.Opaque)
        {
            return _types.TryType(path, raw, out value);
        }
        var isRead = Base64Text.TryDecode(Encoding.UTF8.GetBytes(raw.AsString()), out var bytes);
        value = bytes;
        return isRead;
    }

    private readonly bool TryTime(double seconds, out DateTimeOffset? time)
    {
        time = null;
        if (seconds == 0)
        {
            return true;
        }
        var isAbsolute = kind == SenmlKind.Lwm2mJson ? seconds > 0 : seconds >= FirstAbsoluteTime;
        if (seconds is >= FirstTimeBeyond or <= -FirstTimeBeyond)
        {
            return false;
        }
        // A double holds the microseconds of today, not more.
        var origin = isAbsolute ? DateTimeOffset.UnixEpoch : _scope.Now;
        var ticks = origin.UtcTicks + ((long)Math.Round(seconds * 1e6) * (TimeSpan.TicksPerMillisecond / 1000));
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }
}
