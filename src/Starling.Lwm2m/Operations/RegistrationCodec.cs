using System.Diagnostics.CodeAnalysis;
using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// Register, Update and De-register as CoAP messages and back (LwM2M Core 1.2 §6.2, LwM2M Transport 1.2 §6.4.2).
/// What is read may be hostile: nothing here throws on it.
/// </summary>
public static class RegistrationCodec
{
    /// <summary>The longest last segment of a registration's location that is looked at, in bytes.</summary>
    public const int MaxLocationId = 64;

    /// <summary>The client's way out.</summary>
    /// <exception cref="ArgumentException">The request is none of the three, or its endpoint is longer than an option can be.</exception>
    public static CoapMessage Encode(Lwm2mRequest request) => RegistrationEncoder.Encode(request);

    /// <summary>The server's way in: POST and DELETE below <c>/rd</c>. When it is none of the three, <paramref name="refusal"/> is the answer.</summary>
    /// <remarks>
    /// A version that is not supported is decoded all the same: the registrar answers 4.12. A 1.0 device tells queue mode by a Q in its binding:
    /// in an Update of a 1.0 registration a binding without it (and <c>QueueMode</c> null) ends queue mode.
    /// </remarks>
    /// <param name="message">The request.</param>
    /// <param name="links">Lists that were read before; null to read every list anew.</param>
    /// <param name="request">Register, Update or Deregister.</param>
    /// <param name="refusal">The answer to what is none of them.</param>
    public static bool TryDecode(
        CoapMessage message,
        LinkListCache? links,
        [NotNullWhen(true)] out Lwm2mRequest? request,
        [NotNullWhen(false)] out CoapMessage? refusal)
    {
        ArgumentNullException.ThrowIfNull(message);
        var found = TryReadLocation(message.Options, out var location);
        (request, refusal) = (found, message.Code.Value, location) switch
        {
            (false, _, _) => (null, CoapMessage.Response(CoapCode.NotFound)),
            (_, 0x02, null) => Register(message, links),
            (_, 0x02, _) => Update(message, location, links),
            (_, 0x04, not null) => (new Lwm2mRequest.Deregister(location), null),
            _ => (null, CoapMessage.Response(CoapCode.MethodNotAllowed)),
        };
        return request is not null;
    }

    /// <summary>The server's way out: 2.01 with Location-Path, or what else the answer says.</summary>
    public static CoapMessage EncodeResponse(Lwm2mResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (!response.Code.IsSuccess && response.Diagnostic.Length > 0)
        {
            return CoapMessage.Error(response.Code, response.Diagnostic);
        }
        if (response.Location is null)
        {
            return CoapMessage.Response(response.Code);
        }
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.LocationPath, response.Location);
        return new CoapMessage { Code = response.Code, Options = options.Build() };
    }

    /// <summary>The client's way in.</summary>
    public static Lwm2mResponse DecodeResponse(CoapMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new Lwm2mResponse(response.Code)
        {
            Location = response.Options.Has(OptionNumber.LocationPath) ? string.Join('/', response.Options.GetStrings(OptionNumber.LocationPath)) : null,
            Format = response.Options.ContentFormat,
            Raw = response.Payload,
            Diagnostic = response.Code.IsSuccess ? "" : ResponseDecoder.Diagnostic(response.Payload.Span),
        };
    }

    private static (Lwm2mRequest?, CoapMessage?) Register(CoapMessage message, LinkListCache? cache)
    {
        var query = new RegistrationQuery();
        if (!query.TryRead(message.Options, out var error) || !TryReadLinks(message, cache, out var links, out error))
        {
            return (null, CoapMessage.Error(CoapCode.BadRequest, error));
        }
        return (new Lwm2mRequest.Register(
            query.Endpoint, query.Lifetime, query.Version ?? Lwm2mVersion.V10, query.Binding, query.QueueMode ?? false, query.SmsNumber, links ?? LinkList.None, query.ProfileIds), null);
    }

    private static (Lwm2mRequest?, CoapMessage?) Update(CoapMessage message, string location, LinkListCache? cache)
    {
        var query = new RegistrationQuery();
        if (!query.TryRead(message.Options, out var error) || !TryReadLinks(message, cache, out var links, out error))
        {
            return (null, CoapMessage.Error(CoapCode.BadRequest, error));
        }
        return (new Lwm2mRequest.Update(location, query.Lifetime, query.Binding, query.QueueMode, query.SmsNumber, links, query.ProfileIds), null);
    }

    /// <summary>The list of objects; null for none. Some clients leave out its Content-Format, which can be no other.</summary>
    private static bool TryReadLinks(CoapMessage message, LinkListCache? cache, out LinkList? links, out string error)
    {
        links = null;
        error = "";
        if (message.Payload.IsEmpty)
        {
            return true;
        }
        if ((message.Options.ContentFormat ?? ContentFormat.LinkFormat) != ContentFormat.LinkFormat)
        {
            error = "the list of objects must be application/link-format";
        }
        else if (!(cache is null ? LinkList.TryParse(message.Payload.Span, out links) : cache.TryParse(message.Payload.Span, out links)))
        {
            error = "the list of objects is no CoRE link format";
        }
        return error.Length == 0;
    }

    /// <summary>Reads <c>/rd</c> (location null) or <c>/rd/id</c>. An id that no server could have given is nowhere.</summary>
    private static bool TryReadLocation(CoapOptions options, out string? location)
    {
        location = null;
        var segments = 0;
        foreach (var option in options)
        {
            if (option.Number != OptionNumber.UriPath)
            {
                continue;
            }
            switch (segments++)
            {
                case 0 when option.Value.SequenceEqual("rd"u8):
                    break;
                case 1 when IsLocationId(option.Value):
                    location = string.Create(option.Value.Length + 3, option.Value, static (chars, id) =>
                    {
                        "rd/".CopyTo(chars);
                        Encoding.ASCII.GetChars(id, chars[3..]);
                    });
                    break;
                default:
                    return false;
            }
        }
        return segments > 0;
    }

    private static bool IsLocationId(ReadOnlySpan<byte> id) =>
        id.Length is > 0 and <= MaxLocationId && id.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7e) < 0 && !id.Contains((byte)'/');
}
