using System.Diagnostics.CodeAnalysis;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>
/// Queued requests and their answers as bytes: the CoAP message that says the same, without token (RFC 7252 §3). The codecs that speak to devices read
/// it back, so that whatever can be sent can be kept.
/// </summary>
internal static class OperationArchive
{
    private const int MaxOptions = 1024;

    /// <summary>The request in bytes. Its alternate path, its formats and its version belong to the moment of sending.</summary>
    /// <exception cref="ArgumentException">It cannot be encoded.</exception>
    public static ReadOnlyMemory<byte> Pack(Lwm2mRequest request, CatalogView catalog)
    {
        var message = OperationCodec.Encode(request, ScopeOf(catalog));
        return message.Body is null ? Pack(message) : throw new ArgumentException("A body that is read while it is sent cannot wait in a queue.", nameof(request));
    }

    /// <summary>The answer in bytes; nothing when it is longer than <paramref name="limit"/>.</summary>
    public static ReadOnlyMemory<byte> Pack(Lwm2mResponse response, int limit)
    {
        if (response.Raw.Length > limit)
        {
            return default;
        }
        var options = new CoapOptionsBuilder();
        if (response.Created is { } created)
        {
            options.AddPath(OptionNumber.LocationPath, created.ToString());
        }
        if (response.Format is { } format)
        {
            options.Add(OptionNumber.ContentFormat, format.Value);
        }
        return Pack(new CoapMessage { Code = response.Code, Options = options.Build(), Payload = response.Raw });
    }

    /// <summary>The request that was packed; its formats are left open.</summary>
    public static bool TryUnpack(ReadOnlyMemory<byte> packed, CatalogView catalog, [NotNullWhen(true)] out Lwm2mRequest? request)
    {
        request = TryParse(packed, out var message) && OperationCodec.TryDecode(message, ScopeOf(catalog), out var known, out _) ? Open(known) : null;
        return request is not null;
    }

    /// <summary>The answer that was packed; null when there was none.</summary>
    public static Lwm2mResponse? Unpack(ReadOnlyMemory<byte> packed, Lwm2mRequest request, CatalogView catalog) =>
        TryParse(packed, out var message) ? OperationCodec.DecodeResponse(request, message, ScopeOf(catalog)) : null;

    /// <summary>The same request with its formats left open.</summary>
    public static Lwm2mRequest Open(Lwm2mRequest request) => request switch
    {
        Lwm2mRequest.Read read => read with { Accept = null },
        Lwm2mRequest.Write write => write with { Format = null },
        Lwm2mRequest.Create create => create with { Format = null },
        Lwm2mRequest.ReadComposite read => read with { Accept = null, Format = null },
        Lwm2mRequest.WriteComposite write => write with { Format = null },
        _ => request,
    };

    private static OperationScope ScopeOf(CatalogView catalog) => new(catalog, Lwm2mVersion.V12);

    private static ReadOnlyMemory<byte> Pack(CoapMessage message)
    {
        var bytes = new byte[CoapWriter.SizeOf(message, default)];
        CoapWriter.Write(bytes, MessageType.NonConfirmable, 0, default, message);
        return bytes;
    }

    private static bool TryParse(ReadOnlyMemory<byte> packed, [NotNullWhen(true)] out CoapMessage? message)
    {
        message = CoapDatagram.Parse(packed.Span, out var datagram, MaxOptions) == ParseError.None ? datagram.ToMessage() : null;
        return message is not null;
    }
}
