using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>The values of a Write or Create as they came to a client: decoded, below the operation's path, each path once.</summary>
internal static class RequestPayload
{
    /// <summary>Reads the values. What is returned has a refusal when they cannot be taken, and nothing at all when they can.</summary>
    public static RequestDecoder.Decoded Read(CoapMessage message, Lwm2mPath path, in OperationScope scope, out RecordSet records, out ContentFormat format)
    {
        records = new RecordSet();
        format = default;
        if (message.Options.ContentFormat is not { } told)
        {
            return RequestDecoder.Refuse(CoapCode.BadRequest, "Content-Format is missing");
        }
        format = told;
        if (OperationFormat.Find(told) is not { } codec)
        {
            return RequestDecoder.Refuse(CoapCode.UnsupportedContentFormat, $"the format {told} is not supported");
        }
        if (codec.IsSingleValue && OperationFormat.IsMany(path, scope.Catalog))
        {
            return RequestDecoder.Refuse(CoapCode.UnsupportedContentFormat, $"{told} carries one value, {path} has more");
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
        return Repeated(records) is { } repeated ? RequestDecoder.Refuse(CoapCode.BadRequest, $"{repeated} is told twice") : default;
    }

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
