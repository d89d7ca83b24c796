using System.Buffers;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Answers as messages: the client's way out.</summary>
internal static class ResponseEncoder
{
    public static CoapMessage Encode(Lwm2mRequest request, Lwm2mResponse response, in OperationScope scope)
    {
        if (!response.Code.IsSuccess)
        {
            return response.Diagnostic.Length == 0 ? CoapMessage.Response(response.Code) : CoapMessage.Error(response.Code, response.Diagnostic);
        }
        return request switch
        {
            Lwm2mRequest.Read r => Content(r.Path, r.Accept, response, isObserved: false, scope),
            Lwm2mRequest.Observe r => Content(r.Path, r.Accept, response, isObserved: true, scope),
            Lwm2mRequest.CancelObserve r => Content(r.Path, r.Accept, response, isObserved: true, scope),
            Lwm2mRequest.ReadComposite r => Composite(r.Accept, response, isObserved: false, scope),
            Lwm2mRequest.ObserveComposite r => Composite(r.Accept, response, isObserved: true, scope),
            Lwm2mRequest.CancelObserveComposite r => Composite(r.Accept, response, isObserved: true, scope),
            Lwm2mRequest.Discover => Links(response, scope),
            Lwm2mRequest.Create when response.Created is { } created => Created(created, scope),
            _ => CoapMessage.Response(response.Code),
        };
    }

    private static CoapMessage Content(Lwm2mPath path, ContentFormat? accept, Lwm2mResponse response, bool isObserved, in OperationScope scope)
    {
        var format = accept ?? response.Format ?? FormatChoice.ForAnswer(path, response.Records, isObserved, scope);
        return Values(path, format, OperationFormat.Find(format), response, scope);
    }

    private static CoapMessage Composite(ContentFormat? accept, Lwm2mResponse response, bool isObserved, in OperationScope scope)
    {
        var format = accept ?? response.Format ?? FormatChoice.ForNews(response.Records, isObserved, scope);
        return Values(Lwm2mPath.Root, format, OperationFormat.FindNamed(format), response, scope);
    }

    private static CoapMessage Values(Lwm2mPath path, ContentFormat format, ContentCodec? codec, Lwm2mResponse response, in OperationScope scope)
    {
        var codecScope = new CodecScope(path, scope.Catalog, scope.Root, scope.Now);
        var records = response.Records;
        if (codec is { IsSingleValue: false } && !codec.CanEncode(codecScope, records.AsSpan()))
        {
            records = WithoutContainers(path, records);
        }
        if (codec is null || !codec.CanEncode(codecScope, records.AsSpan()))
        {
            return CoapMessage.Error(CoapCode.NotAcceptable, $"{path} cannot be had as {format}");
        }
        var output = new ArrayBufferWriter<byte>();
        codec.Encode(codecScope, records.AsSpan(), output);
        return WithPayload(response.Code, format, output.WrittenMemory);
    }

    // SenML has no word for a multiple resource without instances among other resources, nor for an instance without resources:
    // there it is as if they were not there (LwM2M Core 1.2 §7.4.4).
    private static RecordSet WithoutContainers(Lwm2mPath path, RecordSet records)
    {
        var rest = new RecordSet(records.Where(r => r.Value.Kind != ValueKind.Empty));
        if (rest.Count == 0 && !path.IsRoot)
        {
            rest.Add(path, Lwm2mValue.Empty);
        }
        return rest;
    }

    private static CoapMessage Links(Lwm2mResponse response, in OperationScope scope)
    {
        var root = scope.Root;
        var links = root.Length == 0 ? response.Links : response.Links.Select(link => link with { Target = root + link.Target });
        var output = new ArrayBufferWriter<byte>();
        LinkFormat.Write(links, output);
        return WithPayload(response.Code, ContentFormat.LinkFormat, output.WrittenMemory);
    }

    private static CoapMessage Created(Lwm2mPath path, in OperationScope scope)
    {
        var options = new CoapOptionsBuilder();
        OperationPath.Add(ref options, OptionNumber.LocationPath, scope.Root, path);
        return new CoapMessage { Code = CoapCode.Created, Options = options.Build() };
    }

    private static CoapMessage WithPayload(CoapCode code, ContentFormat format, ReadOnlyMemory<byte> payload)
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.ContentFormat, format.Value);
        return new CoapMessage { Code = code, Options = options.Build(), Payload = payload };
    }
}
