using System.Globalization;
using System.Text;
using Starling.Coap;

namespace Starling.Testing;

/// <summary>Writes datagrams the way the RFCs draw them, in the notation that <see cref="Lockstep"/> reads.</summary>
public static class LadderText
{
    /// <summary>One datagram: <c>CON [0x7d34] GET /temperature T=20</c>; what is no CoAP message is told as bytes.</summary>
    public static string Describe(ReadOnlySpan<byte> datagram)
    {
        var error = CoapDatagram.Parse(datagram, out var message, int.MaxValue);
        if (error != ParseError.None)
        {
            return $"<{error}> x'{Convert.ToHexStringLower(datagram)}'";
        }
        var text = new StringBuilder($"{ScriptMessage.NameOf(message.Type)} [0x{message.MessageId:x4}]");
        if (message.Code.IsEmpty)
        {
            return text.ToString();
        }
        text.Append(' ').Append(ScriptMessage.NameOf(message.Code));
        var options = message.ToMessage().Options;
        AppendUri(text, options);
        text.Append(" T=").Append(message.Token);
        foreach (var option in options)
        {
            if (option.Number != OptionNumber.UriPath && option.Number != OptionNumber.UriQuery)
            {
                text.Append(' ').Append(OptionText.Describe(option.Number, option.Value));
            }
        }
        return text.Append(DescribePayload(message.Payload)).ToString();
    }

    /// <summary>All datagrams, one a line, with the time in seconds: <c>  2.010  a:1 ──&gt; b:2  CON …</c>; lost ones have <c>──X</c>.</summary>
    public static string Draw(IEnumerable<SimFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var text = new StringBuilder();
        foreach (var frame in frames)
        {
            var arrow = frame.Lost is null ? "──>" : "──X";
            text.Append(CultureInfo.InvariantCulture, $"{frame.At.TotalSeconds,9:0.000}  {frame.From} {arrow} {frame.To}  {frame.Text}");
            text.Append(frame.Lost is { } why ? $"  (lost {why})" : frame.Arrivals.Count > 1 ? "  (doubled)" : "").Append('\n');
        }
        return text.ToString();
    }

    private static void AppendUri(StringBuilder text, CoapOptions options)
    {
        var path = options.GetStrings(OptionNumber.UriPath);
        var query = options.GetStrings(OptionNumber.UriQuery);
        if (path.Count + query.Count > 0)
        {
            text.Append(" /").AppendJoin('/', path.Select(OptionText.Escape));
        }
        if (query.Count > 0)
        {
            text.Append('?').AppendJoin('&', query.Select(OptionText.Escape));
        }
    }

    private static string DescribePayload(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return "";
        }
        if (payload.Length > 64)
        {
            return $" len={payload.Length}";
        }
        return payload.ContainsAnyExceptInRange((byte)' ', (byte)'~') || payload.Contains((byte)'"')
            ? $" x'{Convert.ToHexStringLower(payload)}'"
            : $" \"{Encoding.ASCII.GetString(payload)}\"";
    }
}
