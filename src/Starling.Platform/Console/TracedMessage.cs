using System.Globalization;
using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>A recorded datagram, taken apart for people.</summary>
/// <param name="Entry">What was recorded.</param>
/// <param name="Summary">The message in a line: its code, and its path or its format.</param>
/// <param name="Type">CON, NON, ACK or RST; empty for what is no message.</param>
public sealed record TracedMessage(TraceEntry Entry, string Summary, string Type)
{
    private const int MaxHex = 1024;

    /// <summary>The message id, which pairs a message with its acknowledgement and its retransmissions.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>The token, which pairs a response or a notification with its request.</summary>
    public string Token { get; init; } = "";

    /// <summary>The options by name.</summary>
    public IReadOnlyList<(string Name, string Value)> Options { get; init; } = [];

    /// <summary>The payload's values by path, where its format is known.</summary>
    public IReadOnlyList<(string Path, string Name, string Value)> Values { get; init; } = [];

    /// <summary>The payload as text, where it is one.</summary>
    public string Text { get; init; } = "";

    /// <summary>How many bytes the payload has.</summary>
    public int PayloadLength { get; init; }

    /// <summary>Whether the answer is an error.</summary>
    public bool IsError { get; init; }

    /// <summary>From the device.</summary>
    public bool IsReceived => Entry.Direction == TraceDirection.Received;

    /// <summary>The datagram in hexadecimal digits, 16 bytes a line.</summary>
    public string Hex
    {
        get
        {
            var bytes = Entry.Bytes.Span;
            var text = new StringBuilder();
            for (var i = 0; i < bytes.Length && i < MaxHex; i += 16)
            {
                var line = bytes.Slice(i, Math.Min(16, bytes.Length - i));
                text.Append(CultureInfo.InvariantCulture, $"{i:x4}  ");
                for (var k = 0; k < 16; k++)
                {
                    text.Append(k < line.Length ? $"{line[k]:x2} " : "   ");
                }
                text.Append(' ');
                foreach (var b in line)
                {
                    text.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
                }
                text.Append('\n');
            }
            return bytes.Length > MaxHex ? $"{text}… {bytes.Length} bytes in all\n" : text.ToString();
        }
    }

    /// <summary>The message as text to copy.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Entry.At:yyyy-MM-dd HH:mm:ss.fff}Z {(IsReceived ? "from" : "to  ")} {Entry.Peer} {Type} {Summary}");
        text.Append(MessageId.Length > 0 ? $" mid={MessageId} token={(Token.Length > 0 ? Token : "-")}" : "");
        text.Append(Entry.Kind is TraceKind.First or TraceKind.Event ? "\n" : $" [{Entry.Kind.ToString().ToLowerInvariant()}]\n");
        foreach (var (name, value) in Options)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {name}: {value}\n");
        }
        foreach (var (path, name, value) in Values)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {path} {name} = {value}\n");
        }
        if (Values.Count == 0 && Text.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {Text}\n");
        }
        foreach (var line in Hex.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(CultureInfo.InvariantCulture, $"    {line}\n");
        }
        return text.ToString();
    }
}
