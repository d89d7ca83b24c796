using Starling.Coap;
using static Starling.Lwm2m.RequestDecoder;

namespace Starling.Lwm2m;

/// <summary>Requests to <c>/</c> as composites (LwM2M Core 1.2 §6.3.8, §6.3.9, §6.4.4, §6.4.5): the client's way in.</summary>
internal static class CompositeDecoder
{
    public static Decoded Fetch(CoapMessage message, Lwm2mPath path, in OperationScope scope)
    {
        if (!path.IsRoot)
        {
            return Refuse(CoapCode.MethodNotAllowed, "composites name their paths in the body");
        }
        var accept = message.Options.Accept;
        if (accept is { } asked && OperationFormat.FindNamed(asked) is null)
        {
            return Refuse(CoapCode.NotAcceptable, $"a composite cannot be had as {asked}");
        }
        var observe = ObserveAttributes.Option(message);
        NotificationAttributes? attributes = null;
        if (message.Options.Has(OptionNumber.UriQuery))
        {
            if (observe is null)
            {
                return Refuse(CoapCode.BadOption, "Read-Composite takes no query");
            }
            if (!ObserveAttributes.TryRead(message, isComposite: true, out attributes, out var error))
            {
                return Refuse(CoapCode.BadRequest, error);
            }
        }
        var failed = RequestPayload.ReadPaths(message, scope, out var paths, out var format);
        if (failed.Refusal is not null)
        {
            return failed;
        }
        return observe switch
        {
            0 => new Lwm2mRequest.ObserveComposite(paths, accept, format, attributes),
            1 => new Lwm2mRequest.CancelObserveComposite(paths, accept, format, attributes),
            _ => new Lwm2mRequest.ReadComposite(paths, accept, format),
        };
    }

    public static Decoded Patch(CoapMessage message, Lwm2mPath path, in OperationScope scope)
    {
        if (!path.IsRoot)
        {
            return Refuse(CoapCode.MethodNotAllowed, "composites name their paths in the body");
        }
        if (message.Options.Has(OptionNumber.UriQuery))
        {
            return Refuse(CoapCode.BadOption, "Write-Composite takes no query");
        }
        var failed = RequestPayload.ReadPatch(message, scope, out var records, out var format);
        return failed.Refusal is not null ? failed : new Lwm2mRequest.WriteComposite(records, format);
    }
}
