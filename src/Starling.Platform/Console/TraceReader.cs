using System.Globalization;
using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>
/// Takes recorded datagrams apart, oldest first: what a response is about stands in the request with the same token.
/// Bytes from the network never throw here.
/// </summary>
internal sealed class TraceReader(CatalogView catalog, DateTimeOffset now)
{
    private const int MaxValues = 500;
    private readonly Dictionary<string, Lwm2mPath> _asked = [];

    /// <summary>Tells what a token is about whose request is not among the recorded ones any more.</summary>
    public void Know(CoapToken token, Lwm2mPath path) => _asked[token.ToString()] = path;

    /// <summary>Reads the next entry.</summary>
    public TracedMessage Read(TraceEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Bytes.IsEmpty)
        {
            return new TracedMessage(entry, SafeText.Line(entry.Note), "");
        }
        var error = CoapDatagram.Parse(entry.Bytes.Span, out var datagram);
        if (error != ParseError.None)
        {
            return new TracedMessage(entry, $"No CoAP message: {error}", "") { IsError = true };
        }
        var message = datagram.ToMessage();
        var token = datagram.Token.ToString();
        var path = PathOf(message, token);
        var text = TextOf(message);
        var values = message.Options.ContentFormat is { } format && IsWhole(message.Options) ? Values(message, format, path) : [];
        var brought = values is [{ Value.Length: > 0 } only] ? $" {only.Path} = {SafeText.Line(only.Value, 60)}" : "";
        return new TracedMessage(entry, Summarise(message, entry, datagram.Type) + brought, TypeOf(datagram.Type))
        {
            MessageId = datagram.MessageId.ToString(CultureInfo.InvariantCulture),
            Token = token,
            Options = Options(message),
            Values = values,
            Text = text,
            PayloadLength = message.Payload.Length,
            IsError = message.Code.IsResponse && !message.Code.IsSuccess,
        };
    }

    private Lwm2mPath PathOf(CoapMessage message, string token)
    {
        if (message.Code.IsRequest)
        {
            Lwm2mPath.TryParse(message.Options.UriPath, null, out var path);
            return _asked[token] = path;
        }
        return _asked.GetValueOrDefault(token);
    }

    private static string Summarise(CoapMessage message, TraceEntry entry, MessageType type)
    {
        var note = entry.Note is { Length: > 0 } why ? $" — {SafeText.Line(why)}" : "";
        if (message.Code.IsEmpty)
        {
            return "Empty" + note;
        }
        var about = message.Code.IsRequest
            ? SafeText.Line(message.Options.UriPath + (message.Options.UriQuery.Length > 0 ? "?" + message.Options.UriQuery : ""), 100)
            : message.Options.ContentFormat?.ToString() ?? "";
        var meaning = Meaning(message, type);
        return $"{CodeOf(message.Code)} {about}{(meaning.Length > 0 ? $" ({meaning})" : "")}".TrimEnd() + note;
    }

    // What the message is in LwM2M's words.
    private static string Meaning(CoapMessage message, MessageType type)
    {
        var options = message.Options;
        var segments = options.GetStrings(OptionNumber.UriPath);
        if (segments is ["rd", ..])
        {
            return message.Code == CoapCode.Delete ? "De-register" : segments.Count > 1 ? "Update" : "Register";
        }
        if (segments is ["dp"])
        {
            return "Send";
        }
        if (message.Code.IsResponse)
        {
            return options.Observe is null ? "" : type == MessageType.Acknowledgement ? "the answer to Observe" : "Notify";
        }
        Lwm2mPath.TryParse(options.UriPath, null, out var path);
        return message.Code switch
        {
            _ when message.Code == CoapCode.Get => options.Observe switch
            {
                0 => "Observe",
                not null => "Cancel Observation",
                null => options.Accept == ContentFormat.LinkFormat ? "Discover" : "Read",
            },
            _ when message.Code == CoapCode.Put => options.UriQuery.Length > 0 && message.Payload.IsEmpty ? "Write-Attributes" : "Write",
            _ when message.Code == CoapCode.Post => path.Depth switch { 1 => "Create", 2 => "Write", 3 => "Execute", _ => "" },
            _ when message.Code == CoapCode.Delete => "Delete",
            _ when message.Code == CoapCode.Fetch => options.Observe switch { 0 => "Observe-Composite", not null => "Cancel Observation-Composite", null => "Read-Composite" },
            _ when message.Code == CoapCode.IPatch => "Write-Composite",
            _ => "",
        };
    }

    private static List<(string, string)> Options(CoapMessage message)
    {
        List<(string, string)> list = [];
        foreach (var option in message.Options)
        {
            list.Add((option.Number.ToString(), ValueOf(option)));
        }
        return list;
    }

    private static string ValueOf(in CoapOption option) => option.Number.Value switch
    {
        3 or 8 or 11 or 15 or 20 or 35 or 39 => SafeText.Line(Encoding.UTF8.GetString(option.Value), 255),
        12 or 17 => new ContentFormat((ushort)option.UInt).ToString(),
        23 or 27 => $"block {option.UInt >> 4} of {16 << (int)(option.UInt & 7)} bytes{((option.UInt & 8) != 0 ? ", more follow" : ", the last")}",
        6 or 7 or 14 or 28 or 60 or 258 => option.UInt.ToString(CultureInfo.InvariantCulture),
        _ => option.Value.IsEmpty ? "(empty)" : Convert.ToHexStringLower(option.Value[..Math.Min(option.Value.Length, 64)]),
    };

    private List<(string Path, string Name, string Value)> Values(CoapMessage message, ContentFormat format, Lwm2mPath path)
    {
        var records = new RecordSet();
        if (message.Code == CoapCode.Fetch)
        {
            // A list of paths is the same in SenML and in SenML-ETCH (RFC 8790 §3.1).
            format = format == ContentFormat.SenmlJson ? ContentFormat.SenmlEtchJson : format == ContentFormat.SenmlCbor ? ContentFormat.SenmlEtchCbor : format;
        }
        if (ContentCodecs.Find(format) is not { } codec
            || !codec.Decode(new CodecScope(path, catalog, Now: now), message.Payload.Span, records).IsNone)
        {
            return [];
        }
        return [.. records.Take(MaxValues).Select(r =>
            (r.Path.ToString(), catalog.FindResource(r.Path)?.Name ?? "", SafeText.Line(LastValue.Write(r.Value)) + UnitsOf(r)))];
    }

    private string UnitsOf(in Lwm2mRecord record) => record.Value.Kind >= ValueKind.String && catalog.FindResource(record.Path) is { Units.Length: > 0 } resource ? " " + Units.Show(resource.Units) : "";

    private static string TextOf(CoapMessage message)
    {
        var format = message.Options.ContentFormat;
        var isText = format is null ? message.Code.IsResponse && !message.Code.IsSuccess
            : format == ContentFormat.Text || format == ContentFormat.LinkFormat
                || format == ContentFormat.SenmlJson || format == ContentFormat.SenmlEtchJson || format == ContentFormat.Lwm2mJson;
        return isText ? SafeText.Line(Encoding.UTF8.GetString(message.Payload.Span[..Math.Min(message.Payload.Length, 4096)]), 2000) : "";
    }

    // A part of a body is no payload of its format.
    private static bool IsWhole(CoapOptions options) =>
        options.Block1 is not ({ More: true } or { Number: > 0 }) && options.Block2 is not ({ More: true } or { Number: > 0 });

    private static string TypeOf(MessageType type) => type switch
    {
        MessageType.Confirmable => "CON",
        MessageType.NonConfirmable => "NON",
        MessageType.Acknowledgement => "ACK",
        _ => "RST",
    };

    private static string CodeOf(CoapCode code) => code switch
    {
        _ when code == CoapCode.Get => "GET",
        _ when code == CoapCode.Post => "POST",
        _ when code == CoapCode.Put => "PUT",
        _ when code == CoapCode.Delete => "DELETE",
        _ when code == CoapCode.Fetch => "FETCH",
        _ when code == CoapCode.Patch => "PATCH",
        _ when code == CoapCode.IPatch => "iPATCH",
        _ when code == CoapCode.Created => "2.01 Created",
        _ when code == CoapCode.Deleted => "2.02 Deleted",
        _ when code == CoapCode.Valid => "2.03 Valid",
        _ when code == CoapCode.Changed => "2.04 Changed",
        _ when code == CoapCode.Content => "2.05 Content",
        _ when code == CoapCode.Continue => "2.31 Continue",
        _ when code == CoapCode.BadRequest => "4.00 Bad Request",
        _ when code == CoapCode.Unauthorized => "4.01 Unauthorized",
        _ when code == CoapCode.Forbidden => "4.03 Forbidden",
        _ when code == CoapCode.NotFound => "4.04 Not Found",
        _ when code == CoapCode.MethodNotAllowed => "4.05 Method Not Allowed",
        _ when code == CoapCode.NotAcceptable => "4.06 Not Acceptable",
        _ when code == CoapCode.InternalServerError => "5.00 Internal Server Error",
        _ => code.ToString(),
    };
}
