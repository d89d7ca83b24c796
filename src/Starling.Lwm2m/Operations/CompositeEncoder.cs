using System.Buffers;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Composites as requests to <c>/</c>, behind the alternate path (LwM2M Core 1.2 §6.3.8, §6.3.9, §6.4.4, §6.4.5): the server's way out.</summary>
internal static class CompositeEncoder
{
    /// <summary>FETCH with a list of paths. The same arguments give the same bytes: a cancel must have the body of what it cancels.</summary>
    public static CoapMessage Fetch(
        IReadOnlyList<Lwm2mPath> paths, ContentFormat? accept, ContentFormat? format, in OperationScope scope, uint? observe = null, NotificationAttributes? attributes = null)
    {
        var answer = accept ?? FormatChoice.ForComposite(isObserved: observe is not null, scope);
        if (OperationFormat.FindNamed(answer) is null)
        {
            throw new ArgumentException($"The answer to a composite cannot be {answer}.", nameof(accept));
        }
        var told = format ?? FormatChoice.ForPaths(scope);
        var codec = OperationFormat.FindPaths(told) ?? throw new ArgumentException($"A list of paths cannot be told as {told}.", nameof(format));
        var payload = Encode(codec, [.. paths.Distinct().Select(path => new Lwm2mRecord(path, Lwm2mValue.None))], scope);

        var options = new CoapOptionsBuilder();
        if (observe is { } number)
        {
            options.Add(OptionNumber.Observe, number);
        }
        options.AddPath(OptionNumber.UriPath, scope.Root);
        options.Add(OptionNumber.ContentFormat, told.Value);
        ObserveAttributes.Add(ref options, attributes, isComposite: true);
        options.Add(OptionNumber.Accept, answer.Value);
        return new CoapMessage { Code = CoapCode.Fetch, Options = options.Build(), Payload = payload };
    }

    /// <summary>iPATCH with values.</summary>
    public static CoapMessage Patch(Lwm2mRequest.WriteComposite request, in OperationScope scope)
    {
        var deletes = request.Records.Any(r => r.Value.Kind == ValueKind.Null);
        var format = request.Format ?? FormatChoice.ForPatch(deletes, scope);
        var codec = OperationFormat.FindPatch(format) ?? throw new ArgumentException($"Write-Composite cannot be told as {format}.", nameof(request));
        var payload = Encode(codec, RequestEncoder.AsSpan(request.Records), scope);

        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, scope.Root);
        options.Add(OptionNumber.ContentFormat, format.Value);
        return new CoapMessage { Code = CoapCode.IPatch, Options = options.Build(), Payload = payload };
    }

    private static ReadOnlyMemory<byte> Encode(ContentCodec codec, ReadOnlySpan<Lwm2mRecord> records, in OperationScope scope)
    {
        if (records.IsEmpty)
        {
            throw new ArgumentException("A composite names one path at least.", nameof(records));
        }
        var output = new ArrayBufferWriter<byte>();
        codec.Encode(new CodecScope(Lwm2mPath.Root, scope.Catalog, scope.Root, scope.Now), records, output);
        return output.WrittenMemory;
    }
}
