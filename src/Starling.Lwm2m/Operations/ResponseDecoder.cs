using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Messages as answers: the server's way in.</summary>
internal static class ResponseDecoder
{
    /// <summary>How much of a diagnostic text is kept, in bytes.</summary>
    internal const int MaxDiagnostic = 1024;

    public static Lwm2mResponse Decode(Lwm2mRequest request, CoapMessage message, in OperationScope scope)
    {
        if (!message.Code.IsSuccess)
        {
            return Answer(message) with { Diagnostic = Diagnostic(message.Payload.Span) };
        }
        var format = message.Options.ContentFormat;
        return request switch
        {
            Lwm2mRequest.Read r => Values(message, r.Path, format ?? r.Accept ?? FormatChoice.ForRead(r.Path, scope), scope),
            Lwm2mRequest.Observe r => Values(message, r.Path, format ?? r.Accept ?? FormatChoice.ForObserve(r.Path, r.Attributes, scope), scope),
            Lwm2mRequest.CancelObserve r => Values(message, r.Path, format ?? r.Accept ?? FormatChoice.ForObserve(r.Path, r.Attributes, scope), scope),
            Lwm2mRequest.ReadComposite r => Composite(message, format ?? r.Accept ?? FormatChoice.ForComposite(isObserved: false, scope), scope),
            Lwm2mRequest.ObserveComposite r => Composite(message, format ?? r.Accept ?? FormatChoice.ForComposite(isObserved: true, scope), scope),
            Lwm2mRequest.CancelObserveComposite r => Composite(message, format ?? r.Accept ?? FormatChoice.ForComposite(isObserved: true, scope), scope),
            Lwm2mRequest.Discover => Links(Answer(message), scope.Root),
            Lwm2mRequest.Create r => Created(Answer(message), message, r, scope),
            _ => Answer(message),
        };
    }

    /// <summary>The text of an error answer (RFC 7252 §5.5.2) as something that can be shown: bounded, without control characters.</summary>
    public static string Diagnostic(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return "";
        }
        var text = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, MaxDiagnostic)]);
        return string.Create(text.Length, text, static (chars, from) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });
    }

    private static Lwm2mResponse Values(CoapMessage message, Lwm2mPath path, ContentFormat format, in OperationScope scope) =>
        Values(message, path, format, OperationFormat.Find(format), scope);

    private static Lwm2mResponse Composite(CoapMessage message, ContentFormat format, in OperationScope scope) =>
        Values(message, Lwm2mPath.Root, format, OperationFormat.FindNamed(format), scope);

    private static Lwm2mResponse Values(CoapMessage message, Lwm2mPath path, ContentFormat format, ContentCodec? codec, in OperationScope scope)
    {
        if (message.Payload.IsEmpty && message.Options.ContentFormat is null)
        {
            return Answer(message);   // the answer to Cancel Observation may be empty, and so may that of an object without instances
        }
        if (codec is null)
        {
            return Answer(message) with { Diagnostic = $"The answer came as {format}, which is not supported." };
        }
        var records = new RecordSet();
        var error = codec.Decode(new CodecScope(path, scope.Catalog, scope.Root, scope.Now), message.Payload.Span, records);
        return error.IsNone
            ? Answer(message, records)
            : Answer(message) with { Diagnostic = $"The answer is no {format}: {error}." };
    }

    private static Lwm2mResponse Answer(CoapMessage message, RecordSet? records = null) => new(message.Code)
    {
        Records = records ?? RecordSet.None,
        Format = message.Options.ContentFormat,
        Observe = message.Options.Observe,
        Raw = message.Payload,
    };

    private static Lwm2mResponse Links(Lwm2mResponse response, string root)
    {
        if (response.Format is { } format && format != ContentFormat.LinkFormat)
        {
            return response with { Diagnostic = $"The answer came as {format}, not as {ContentFormat.LinkFormat}." };
        }
        if (!LinkFormat.TryParse(response.Raw.Span, out var links))
        {
            return response with { Diagnostic = $"The answer is no {ContentFormat.LinkFormat}." };
        }
        return response with { Links = root.Length == 0 ? links : [.. links.Select(link => WithoutRoot(link, root))] };
    }

    private static CoreLink WithoutRoot(CoreLink link, string root) =>
        link.Target.Length > root.Length && link.Target[root.Length] == '/' && link.Target.StartsWith(root, StringComparison.Ordinal)
            ? link with { Target = link.Target[root.Length..] }
            : link;

    private static Lwm2mResponse Created(Lwm2mResponse response, CoapMessage message, Lwm2mRequest.Create request, in OperationScope scope)
    {
        if (OperationPath.Read(message.Options, OptionNumber.LocationPath, scope.Root, rootOptional: true, out var path) == PathReading.Read
            && path.IsInstance && path.ObjectId == request.Path.ObjectId)
        {
            return response with { Created = path };
        }
        return request.Instance is { } instance ? response with { Created = request.Path.Append(instance) } : response;
    }
}
