using System.Text.RegularExpressions;
using Starling.Coap;

namespace Starling.Platform;

/// <summary>
/// What a message must be, as a line of a ladder: <c>GET /3/0/7 Observe:0 Accept:*</c>, <c>2.05 Content-Format:0 ...</c>.
/// </summary>
/// <remarks>
/// <c>CON</c> or <c>NON</c> may be in front. The code, the path and every option must be those of the line, and the payload too: <c>"text"</c>,
/// <c>x'hex'</c>, or none. <c>*</c> stands for anything inside a word; <c>...</c> at the end welcomes further query parts and options, and any
/// payload where the line has none. Options of the transport (blocks, sizes, tags) count only where the line names them.
/// </remarks>
internal sealed partial class MessagePattern
{
    private readonly string _source;
    private readonly List<string> _query = [], _options = [];
    private string _root = "";
    private string? _type, _verb, _path, _text;
    private byte[]? _bytes;
    private bool _isOpen;

    private MessagePattern(string source) => _source = source;

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="root">Where the device has its objects, which the paths of the line do not say; empty where it is the root.</param>
    public static MessagePattern Parse(string line, string root = "")
    {
        var pattern = new MessagePattern(line) { _root = root };
        foreach (var word in Words().Matches(line).Select(m => m.Value))
        {
            pattern.Take(word);
        }
        return pattern._verb is null ? throw new FormatException($"No code in the pattern '{line}'.") : pattern;
    }

    /// <summary>Whether the message has the code and the path of the line: what differs besides is worth telling.</summary>
    public bool IsAbout(CheckMessage message) => Matches(_verb!, message.Verb) && Matches(_path ?? "", message.Path);

    /// <summary>What differs; null when nothing does.</summary>
    public string? Difference(CheckMessage message)
    {
        if (_type is not null && _type != (message.Type == MessageType.Confirmable ? "CON" : "NON"))
        {
            return $"it is not {_type}";
        }
        if (!Matches(_verb!, message.Verb))
        {
            return $"it is {message.Verb}";
        }
        return !Matches(_path ?? "", message.Path) ? $"its path is {message.Path}"
            : Compare(_query, message.Query, "query part")
            ?? Compare(_options, Relevant(message), "option")
            ?? ComparePayload(message);
    }

    public override string ToString() => _source;

    private void Take(string word)
    {
        if (word is "CON" or "NON")
        {
            _type = word;
        }
        else if (word == "...")
        {
            _isOpen = true;
        }
        else if (word[0] == '"')
        {
            _text = word[1..^1];
        }
        else if (word.StartsWith("x'", StringComparison.Ordinal))
        {
            _bytes = Convert.FromHexString(word[2..^1]);
        }
        else if (_verb is null)
        {
            _verb = word;
        }
        else if (word[0] is '/' or '?')
        {
            var parts = word.Split('?', 2);
            _path = parts[0].Length > 0 ? _root + parts[0] : _path;
            _query.AddRange(parts.Length > 1 ? parts[1].Split('&') : []);
        }
        else
        {
            _options.Add(word);
        }
    }

    private string? Compare(List<string> wanted, IReadOnlyList<string> came, string what)
    {
        var open = came.ToList();
        foreach (var want in wanted)
        {
            if (!open.Remove(open.Find(o => Matches(want, o))!))
            {
                return $"the {what} {want} is missing";
            }
        }
        return open.Count == 0 || _isOpen ? null : $"the {what} {open[0]} is not expected";
    }

    private string? ComparePayload(CheckMessage message)
    {
        if (_bytes is not null)
        {
            return message.Message.Payload.Span.SequenceEqual(_bytes) ? null : "its payload is another";
        }
        if (_text is not null)
        {
            return message.Text is { } text && Matches(_text, text) ? null : "its payload is another";
        }
        return _isOpen || message.Message.Payload.IsEmpty ? null : "it has a payload";
    }

    private List<string> Relevant(CheckMessage message) =>
        [.. message.Options.Where(o => !IsTransport(o.Number) || _options.Any(w => w.StartsWith($"{o.Number}:", StringComparison.Ordinal))).Select(o => o.Text)];

    // Uri-Host, ETag, Uri-Port, Max-Age, Block2, Block1, Size2, Size1, Echo, Request-Tag.
    private static bool IsTransport(OptionNumber number) => number.Value is 3 or 4 or 7 or 14 or 23 or 27 or 28 or 60 or 252 or 292;

    private static bool Matches(string pattern, string text) =>
        pattern == text
        || (pattern.Contains('*', StringComparison.Ordinal)
            && Regex.IsMatch(text, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.Singleline | RegexOptions.NonBacktracking));

    [GeneratedRegex("\"[^\"]*\"|x'[0-9a-fA-F]*'|\\S+")]
    private static partial Regex Words();
}
