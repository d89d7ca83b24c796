using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Requests as operations: the client's way in. What is no operation is refused with the codes of LwM2M Transport 1.2 §6.4.</summary>
internal static class RequestDecoder
{
    public static Decoded Decode(CoapMessage message, in OperationScope scope)
    {
        if (UnknownOption(message) is { } refusal)
        {
            return refusal;
        }
        switch (OperationPath.Read(message.Options, OptionNumber.UriPath, scope.Root, rootOptional: false, out var path))
        {
            case PathReading.Unknown:
                return Refuse(CoapCode.NotFound, $"{message.Options.UriPath} is no LwM2M path here");
            case PathReading.TooDeep:
                return Refuse(CoapCode.MethodNotAllowed, "a path has at most four numbers");
        }
        if (path.Depth == 4 && scope.Catalog.FindResource(path) is { IsMultiple: false })
        {
            return Refuse(CoapCode.MethodNotAllowed, $"{path.Parent} has no instances");   // LwM2M Core 1.2 §7: path rules
        }
        return message.Code.Value switch
        {
            0x01 => Get(message, path, scope),
            0x02 => Post(message, path, scope),
            0x03 => Put(message, path, scope),
            0x04 => Delete(message, path),
            0x05 => CompositeDecoder.Fetch(message, path, scope),
            0x07 => CompositeDecoder.Patch(message, path, scope),
            _ => Refuse(CoapCode.MethodNotAllowed, "no operation has this method"),
        };
    }

    /// <summary>The refusal of a critical option that means nothing here; null when there is none (RFC 7252 §5.4.1).</summary>
    public static Decoded? UnknownOption(CoapMessage message)
    {
        foreach (var option in message.Options)
        {
            if (option.Number.IsCritical && !IsKnown(option.Number))
            {
                return Refuse(CoapCode.BadOption, $"option {option.Number} is not supported");
            }
        }
        return null;
    }

    private static Decoded Get(CoapMessage message, Lwm2mPath path, in OperationScope scope)
    {
        var accept = message.Options.Accept;
        if (path.IsRoot)
        {
            return Refuse(CoapCode.MethodNotAllowed, "/ cannot be read");
        }
        var observe = ObserveAttributes.Option(message);
        if (accept == ContentFormat.LinkFormat && observe is null)
        {
            return Discover(message, path);
        }
        NotificationAttributes? attributes = null;
        if (message.Options.Has(OptionNumber.UriQuery))
        {
            if (observe is null)
            {
                return Refuse(CoapCode.BadOption, "Read takes no query");
            }
            if (!ObserveAttributes.TryRead(message, isComposite: false, out attributes, out var error))
            {
                return Refuse(CoapCode.BadRequest, error);
            }
        }
        if (accept is { } format && (OperationFormat.FindForClient(format, scope.Version) is not { } codec || (codec.IsSingleValue && OperationFormat.IsMany(path, scope.Catalog))))
        {
            return Refuse(CoapCode.NotAcceptable, $"{path} cannot be had as {format}");
        }
        return observe switch
        {
            0 => new Lwm2mRequest.Observe(path, accept, attributes),
            1 => new Lwm2mRequest.CancelObserve(path, accept, attributes),
            _ => new Lwm2mRequest.Read(path, accept),
        };
    }

    private static Decoded Discover(CoapMessage message, Lwm2mPath path)
    {
        if (path.Depth == 4)
        {
            return Refuse(CoapCode.MethodNotAllowed, "resource instances cannot be discovered");
        }
        int? depth = null;
        foreach (var option in message.Options)
        {
            if (option.Number != OptionNumber.UriQuery)
            {
                continue;
            }
            if (!option.Value.StartsWith("depth="u8))
            {
                return Refuse(CoapCode.BadOption, "Discover takes no such query");
            }
            if (depth is not null || option.Value["depth=".Length..] is not [>= (byte)'0' and <= (byte)'3' and var digit])
            {
                return Refuse(CoapCode.BadRequest, "depth is one number of 0 to 3");
            }
            depth = digit - '0';
        }
        return new Lwm2mRequest.Discover(path, depth);
    }

    private static Decoded Put(CoapMessage message, Lwm2mPath path, in OperationScope scope)
    {
        if (message.Options.Has(OptionNumber.UriQuery))
        {
            return WriteAttributes(message, path);
        }
        return path.Depth < 2
            ? Refuse(CoapCode.MethodNotAllowed, "only instances, resources and resource instances are written")
            : Write(message, path, replace: true, scope);
    }

    private static Decoded WriteAttributes(CoapMessage message, Lwm2mPath path)
    {
        if (!message.Payload.IsEmpty)
        {
            return Refuse(CoapCode.BadRequest, "PUT is a Write with a payload or Write-Attributes with a query, not both");
        }
        if (path.IsRoot)
        {
            return Refuse(CoapCode.MethodNotAllowed, "/ has no attributes");
        }
        return AttributeQuery.TryParse(message.Options, out var attributes, out var error)
            ? new Lwm2mRequest.WriteAttributes(path, attributes)
            : Refuse(CoapCode.BadRequest, error);
    }

    private static Decoded Post(CoapMessage message, Lwm2mPath path, in OperationScope scope)
    {
        if (message.Options.Has(OptionNumber.UriQuery))
        {
            return Refuse(CoapCode.BadOption, "POST takes no query");
        }
        return path.Depth switch
        {
            1 => Create(message, path, scope),
            2 => Write(message, path, replace: false, scope),
            3 => PostToResource(message, path, scope),
            _ => Refuse(CoapCode.MethodNotAllowed, "POST creates, executes or updates in part: /, and resource instances, take none of them"),
        };
    }

    /// <summary>POST on a resource executes it, or updates it in part when it is multiple. Where it is not known the payload's format tells.</summary>
    private static Decoded PostToResource(CoapMessage message, Lwm2mPath path, in OperationScope scope)
    {
        var resource = scope.Catalog.FindResource(path);
        var isText = message.Options.ContentFormat is not { } format || OperationFormat.Find(format)?.Format == ContentFormat.Text;
        if (resource is { IsMultiple: true } || (resource is null && !isText))
        {
            return Write(message, path, replace: false, scope);
        }
        if (resource is not null && (resource.Operations & ResourceOperations.Execute) == 0)
        {
            return Refuse(CoapCode.MethodNotAllowed, $"{path} is neither executable nor multiple");
        }
        if (!isText || (message.Options.ContentFormat is null && !message.Payload.IsEmpty && !IsAscii(message.Payload.Span)))
        {
            return Refuse(CoapCode.BadRequest, "the arguments of Execute are plain text");
        }
        var arguments = message.Payload.IsEmpty ? null : Encoding.UTF8.GetString(message.Payload.Span);
        return ExecuteArguments.TryParse(arguments, out _)
            ? new Lwm2mRequest.Execute(path, arguments)
            : Refuse(CoapCode.BadRequest, "the arguments are not of the form 0='U',1");
    }

    private static Decoded Create(CoapMessage message, Lwm2mPath path, in OperationScope scope)
    {
        if (message.Payload.IsEmpty && message.Options.ContentFormat is null)
        {
            return new Lwm2mRequest.Create(path, null, RecordSet.None);
        }
        var failed = RequestPayload.Read(message, path, scope, out var records, out var format);
        if (failed.Refusal is not null)
        {
            return failed;
        }
        var isEmpty = records.Count == 0 || records is [{ Path.Depth: < 3 }];   // an instance, or none that is named, without resources
        if (records.InstanceOmitted || records.Count == 0)
        {
            return new Lwm2mRequest.Create(path, null, isEmpty ? RecordSet.None : records, format);
        }
        var instance = records[0].Path.Take(2);
        foreach (var record in records)
        {
            if (record.Path.Depth < 2 || !record.Path.StartsWith(instance))
            {
                return Refuse(CoapCode.BadRequest, "Create makes one instance at a time");
            }
        }
        return new Lwm2mRequest.Create(path, instance.InstanceId, isEmpty ? RecordSet.None : records, format);
    }

    private static Decoded Write(CoapMessage message, Lwm2mPath path, bool replace, in OperationScope scope)
    {
        var failed = RequestPayload.Read(message, path, scope, out var records, out var format);
        return failed.Refusal is not null ? failed : new Lwm2mRequest.Write(path, records, replace, format);
    }

    private static Decoded Delete(CoapMessage message, Lwm2mPath path)
    {
        if (message.Options.Has(OptionNumber.UriQuery))
        {
            return Refuse(CoapCode.BadOption, "DELETE takes no query");
        }
        return path.Depth is 2 or 4
            ? new Lwm2mRequest.Delete(path)
            : Refuse(CoapCode.MethodNotAllowed, "only instances and resource instances are deleted");
    }

    /// <summary>Critical options that mean something here, or that the layers below have dealt with.</summary>
    private static bool IsKnown(OptionNumber number) =>
        number == OptionNumber.UriHost || number == OptionNumber.UriPort || number == OptionNumber.UriPath || number == OptionNumber.UriQuery
        || number == OptionNumber.Accept || number == OptionNumber.Block1 || number == OptionNumber.Block2;

    private static bool IsAscii(ReadOnlySpan<byte> bytes) => System.Text.Ascii.IsValid(bytes);

    public static Decoded Refuse(CoapCode code, string why) => new(null, CoapMessage.Error(code, why));

    /// <summary>An operation, or the answer that refuses it; neither while it is not decided.</summary>
    internal readonly record struct Decoded(Lwm2mRequest? Request, CoapMessage? Refusal)
    {
        public static implicit operator Decoded(Lwm2mRequest request) => new(request, null);
    }
}
