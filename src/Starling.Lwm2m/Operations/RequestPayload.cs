using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>The bodies of requests: values, decoded, below the operation's path and (save in a Send) each path once; or paths.</summary>
internal static class RequestPayload
{
    /// <summary>Reads the values of a Write or Create. What is returned has a refusal when they cannot be taken, and nothing at all when they can.</summary>
    public static RequestDecoder.Decoded Read(CoapMessage message, Lwm2mPath path, in OperationScope scope, out RecordSet records, out ContentFormat format)
    {
        format = message.Options.ContentFormat ?? default;
        var codec = OperationFormat.FindForClient(format, scope.Version);
        if (codec is { IsSingleValue: true } && message.Options.ContentFormat is not null && OperationFormat.IsMany(path, scope.Catalog))
        {
            records = RecordSet.None;
            return RequestDecoder.Refuse(CoapCode.UnsupportedContentFormat, $"{format} carries one value, {path} has more");
        }
        var failed = Read(message, codec, path, scope, out records);
        return failed.Refusal is null && Repeated(records) is { } repeated ? Twice(repeated) : failed;
    }

    /// <summary>Reads the values of a Write-Composite, which may be nulls.</summary>
    public static RequestDecoder.Decoded ReadPatch(CoapMessage message, in OperationScope scope, out RecordSet records, out ContentFormat format)
    {
        format = message.Options.ContentFormat ?? default;
        var failed = Read(message, OperationFormat.FindPatch(format), Lwm2mPath.Root, scope, out records);
        if (failed.Refusal is not null)
        {
            return failed;
        }
        if (records is [{ Value.Kind: ValueKind.None }, ..])
        {
            return RequestDecoder.Refuse(CoapCode.BadRequest, "a value is missing");
        }
        return Repeated(records) is { } repeated ? Twice(repeated) : default;
    }

    /// <summary>Reads the values of a Send, among which a path may come more than once.</summary>
    public static RequestDecoder.Decoded ReadNamed(CoapMessage message, in OperationScope scope, out RecordSet records, out ContentFormat format)
    {
        format = message.Options.ContentFormat ?? default;
        return Read(message, OperationFormat.FindNamed(format), Lwm2mPath.Root, scope, out records);
    }

    /// <summary>Reads a list of paths, each once.</summary>
    public static RequestDecoder.Decoded ReadPaths(CoapMessage message, in OperationScope scope, out Lwm2mPath[] paths, out ContentFormat format)
    {
        paths = [];
        format = message.Options.ContentFormat ?? default;
        var failed = Read(message, OperationFormat.FindPaths(format), Lwm2mPath.Root, scope, out var records);
        if (failed.Refusal is not null)
        {
            return failed;
        }
        if (records[0].Value.Kind != ValueKind.None)
        {
            return RequestDecoder.Refuse(CoapCode.BadRequest, "a list of paths has no values");
        }
        paths = [.. records.Select(r => r.Path).Distinct()];
        return paths.Length > scope.MaxPaths ? RequestDecoder.Refuse(CoapCode.BadRequest, $"more than {scope.MaxPaths} paths") : default;
    }

    private static RequestDecoder.Decoded Read(CoapMessage message, ContentCodec? codec, Lwm2mPath path, in OperationScope scope, out RecordSet records)
    {
        records = new RecordSet();
        if (message.Options.ContentFormat is not { } told)
        {
            return RequestDecoder.Refuse(CoapCode.BadRequest, "Content-Format is missing");
        }
        if (codec is null)
        {
            return RequestDecoder.Refuse(CoapCode.UnsupportedContentFormat, $"the format {told} is not supported here");
        }
        var error = codec.Decode(new CodecScope(path, scope.Catalog, scope.Root, scope.Now), message.Payload.Span, records);
        if (!error.IsNone)
        {
            return RequestDecoder.Refuse(CoapCode.BadRequest, $"the payload is no {told}: {error}");
        }
        foreach (ref readonly var record in records.AsSpan())
        {
            if (!record.Path.StartsWith(path))
            {
                return RequestDecoder.Refuse(CoapCode.BadRequest, $"{record.Path} does not lie below {path}");
            }
        }
        return default;
    }

    private static RequestDecoder.Decoded Twice(Lwm2mPath path) => RequestDecoder.Refuse(CoapCode.BadRequest, $"{path} is told twice");

    /// <summary>A path that has two values, or one and members besides. In the order of the tree the two stand side by side.</summary>
    private static Lwm2mPath? Repeated(RecordSet records)
    {
        if (records.Count < 2)
        {
            return null;
        }
        var paths = new Lwm2mPath[records.Count];
        for (var i = 0; i < paths.Length; i++)
        {
            paths[i] = records[i].Path;
        }
        Array.Sort(paths);
        for (var i = 1; i < paths.Length; i++)
        {
            if (paths[i].StartsWith(paths[i - 1]))
            {
                return paths[i - 1];
            }
        }
        return null;
    }
}
