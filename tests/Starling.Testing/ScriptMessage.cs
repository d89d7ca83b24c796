using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Starling.Coap;

namespace Starling.Testing;

/// <summary>
/// A line of a script, taken apart: <c>CON [0x7d34] GET /temperature?u=c T=20 Observe:0 "payload"</c>.
/// </summary>
internal sealed partial class ScriptMessage
{
    private static readonly Dictionary<string, MessageType> _types = new(StringComparer.Ordinal)
    {
        ["CON"] = MessageType.Confirmable,
        ["NON"] = MessageType.NonConfirmable,
        ["ACK"] = MessageType.Acknowledgement,
        ["RST"] = MessageType.Reset,
    };

    private static readonly Dictionary<string, CoapCode> _methods = new(StringComparer.Ordinal)
    {
        ["GET"] = CoapCode.Get,
        ["POST"] = CoapCode.Post,
        ["PUT"] = CoapCode.Put,
        ["DELETE"] = CoapCode.Delete,
        ["FETCH"] = CoapCode.Fetch,
        ["PATCH"] = CoapCode.Patch,
        ["iPATCH"] = CoapCode.IPatch,
    };

    public required string Source { get; init; }
    public MessageType Type { get; private set; }
    public CoapCode Code { get; private set; }

    /// <summary>Four hexadecimal digits, or <c>$name</c>.</summary>
    public string MessageId { get; private set; } = "";

    /// <summary>Hexadecimal digits, or <c>$name</c>; null when the line does not say.</summary>
    public string? Token { get; private set; }

    /// <summary>In ascending order.</summary>
    public List<ScriptOption> Options { get; private set; } = [];

    /// <summary>Null when the line has none.</summary>
    public byte[]? Payload { get; private set; }

    /// <summary>The payload's length where its content does not matter.</summary>
    public int? PayloadLength { get; private set; }

    /// <summary>Ends with <c>...</c>: further options and any payload are welcome.</summary>
    public bool IsOpen { get; private set; }

    public static ScriptMessage Parse(string line)
    {
        var message = new ScriptMessage { Source = line };
        var words = Words().Matches(line).Select(m => m.Value).ToList();
        if (words.Count < 2 || !_types.TryGetValue(words[0], out var type) || words[1] is not ['[', .., ']'])
        {
            throw new FormatException($"A line of a script begins with CON, NON, ACK or RST and a message id in brackets: {line}");
        }
        message.Type = type;
        message.MessageId = Hex(words[1][1..^1]);
        foreach (var word in words.Skip(2))
        {
            message.Take(word);
        }
        message.Options = [.. message.Options.OrderBy(o => o.Number.Value)];
        return message;
    }

    public static string NameOf(MessageType type) => _types.First(t => t.Value == type).Key;

    public static string NameOf(CoapCode code) => code.IsEmpty ? "" : _methods.FirstOrDefault(m => m.Value == code).Key ?? code.ToString();

    private void Take(string word)
    {
        if (word == "...")
        {
            IsOpen = true;
        }
        else if (_methods.TryGetValue(word, out var method))
        {
            Code = method;
        }
        else if (word is [>= '0' and <= '7', '.', _, _])
        {
            Code = new CoapCode(word[0] - '0', int.Parse(word.AsSpan(2), CultureInfo.InvariantCulture));
        }
        else if (word[0] == '/')
        {
            TakePath(word);
        }
        else
        {
            TakeValue(word);
        }
    }

    private void TakePath(string word)
    {
        var (path, query) = word.Split('?', 2) is [var p, var q] ? (p, q) : (word, "");
        Options.AddRange(OptionText.ParseParts(OptionNumber.UriPath, path[1..], '/'));
        Options.AddRange(OptionText.ParseParts(OptionNumber.UriQuery, query, '&'));
    }

    private void TakeValue(string word)
    {
        if (word.StartsWith("T=", StringComparison.Ordinal))
        {
            Token = Hex(word[2..]);
        }
        else if (word.StartsWith("len=", StringComparison.Ordinal))
        {
            PayloadLength = int.Parse(word.AsSpan(4), CultureInfo.InvariantCulture);
        }
        else if (word[0] == '"')
        {
            Payload = Encoding.UTF8.GetBytes(word[1..^1]);
        }
        else if (word.StartsWith("x'", StringComparison.Ordinal))
        {
            Payload = Convert.FromHexString(word[2..^1]);
        }
        else if (word.Split(':', 2) is [var name, var value])
        {
            Options.AddRange(OptionText.Parse(name, value));
        }
        else
        {
            throw new FormatException($"'{word}' means nothing in a script: {Source}");
        }
    }

    private static string Hex(string text) => text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;

    [GeneratedRegex("\"[^\"]*\"|x'[0-9a-fA-F]*'|\\S+")]
    private static partial Regex Words();
}
