using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>
/// A message between server and device, as a line of a ladder: <c>GET /3/0/0 Accept:0</c>, <c>2.05 Content-Format:0 "Starling"</c>.
/// </summary>
/// <param name="Index">Its place in the conversation, from 0.</param>
/// <param name="At">When it was seen.</param>
/// <param name="IsFromDevice">Which way it went.</param>
/// <param name="Type">Its type.</param>
/// <param name="Message">What it says.</param>
internal sealed record CheckMessage(int Index, DateTimeOffset At, bool IsFromDevice, MessageType Type, CoapMessage Message)
{
    private const int MaxText = 400, MaxHex = 96;

    public CoapToken Token => Message.Token;

    public CoapCode Code => Message.Code;

    /// <summary>The method or the code.</summary>
    public string Verb => Message.Code switch
    {
        { IsEmpty: true } => Type == MessageType.Reset ? "RST" : "ACK",
        var code when code == CoapCode.Get => "GET",
        var code when code == CoapCode.Post => "POST",
        var code when code == CoapCode.Put => "PUT",
        var code when code == CoapCode.Delete => "DELETE",
        var code when code == CoapCode.Fetch => "FETCH",
        var code when code == CoapCode.Patch => "PATCH",
        var code when code == CoapCode.IPatch => "iPATCH",
        var code => code.ToString(),
    };

    /// <summary>The path of a request; empty where there is none.</summary>
    public string Path => Message.Code.IsRequest ? "/" + Message.Options.UriPath.TrimStart('/') : "";

    /// <summary>The parts of a request's query.</summary>
    public IReadOnlyList<string> Query => Message.Options.GetStrings(OptionNumber.UriQuery);

    /// <summary>The options besides path and query, in the order of their numbers.</summary>
    public IReadOnlyList<(OptionNumber Number, string Text)> Options
    {
        get
        {
            List<(OptionNumber, string)> list = [];
            foreach (var option in Message.Options)
            {
                if (option.Number != OptionNumber.UriPath && option.Number != OptionNumber.UriQuery)
                {
                    list.Add((option.Number, $"{option.Number}:{ValueOf(option)}"));
                }
            }
            return list;
        }
    }

    /// <summary>The payload as text; null when it is none.</summary>
    public string? Text =>
        Message.Payload.Span.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? null : Encoding.ASCII.GetString(Message.Payload.Span);

    /// <summary>The values of the payload, where its format is known; none otherwise.</summary>
    public RecordSet Values(CatalogView catalog, Lwm2mPath path)
    {
        var records = new RecordSet();
        return Message.Options.ContentFormat is { } format && ContentCodecs.Find(format) is { } codec
            && codec.Decode(new CodecScope(path, catalog, Now: At), Message.Payload.Span, records).IsNone ? records : RecordSet.None;
    }

    /// <summary>The whole line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Message.Code.IsEmpty || Type == MessageType.Acknowledgement ? "" : Type == MessageType.Confirmable ? "CON " : "NON ");
        text.Append(Verb).Append(Path.Length > 0 ? " " : "").Append(Path);
        text.Append(Query.Count > 0 ? "?" : "").AppendJoin('&', Query);
        foreach (var (_, option) in Options)
        {
            text.Append(' ').Append(option);
        }
        return SafeText.Line(text.Append(Payload()).ToString(), 2 * MaxText);
    }

    private string Payload()
    {
        var bytes = Message.Payload.Span;
        if (bytes.IsEmpty)
        {
            return "";
        }
        if (Text is { } text)
        {
            return text.Length > MaxText ? $" \"{text[..MaxText]}…\" ({bytes.Length} bytes)" : $" \"{text}\"";
        }
        return bytes.Length > MaxHex ? $" x'{Convert.ToHexStringLower(bytes[..MaxHex])}…' ({bytes.Length} bytes)" : $" x'{Convert.ToHexStringLower(bytes)}'";
    }

    private static string ValueOf(in CoapOption option) => option.Number.Value switch
    {
        6 or 7 or 12 or 14 or 17 or 28 or 60 => $"{option.UInt}",
        23 or 27 => $"{option.UInt >> 4}/{(option.UInt >> 3) & 1}/{16 << (int)(option.UInt & 7)}",
        3 or 8 or 11 or 20 or 35 or 39 => Encoding.UTF8.GetString(option.Value),
        _ => Convert.ToHexStringLower(option.Value),
    };
}
