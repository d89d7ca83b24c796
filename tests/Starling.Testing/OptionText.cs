using System.Globalization;
using System.Text;
using Starling.Coap;

namespace Starling.Testing;

/// <summary>How a script and a ladder write options: <c>Observe:0</c>, <c>Block2:1/1/64</c>, <c>Location-Path:rd/x</c>, <c>ETag:0a0b</c>, <c>2053:ff</c>.</summary>
internal static class OptionText
{
    private enum Form { Opaque, Number, Text, Block }

    private static readonly ushort[] _known = [1, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 17, 20, 23, 27, 28, 35, 39, 60, 252, 258, 292];

    /// <summary>Reads <c>Name:value</c>; a path gives one option a segment.</summary>
    public static IEnumerable<ScriptOption> Parse(string name, string value)
    {
        var number = NumberOf(name);
        var parts = number == OptionNumber.LocationPath ? value.Split('/')
            : number == OptionNumber.LocationQuery ? value.Split('&')
            : [value];
        return parts.Select(part => part.StartsWith('$')
            ? new ScriptOption(number, [], part[1..])
            : new ScriptOption(number, Encode(number, part), null));
    }

    /// <summary>One option for each part of a path or a query.</summary>
    public static IEnumerable<ScriptOption> ParseParts(OptionNumber number, string text, char separator) =>
        text.Length == 0 ? [] : text.Split(separator).Select(part => new ScriptOption(number, Encoding.UTF8.GetBytes(Unescape(part)), null));

    public static string Describe(OptionNumber number, ReadOnlySpan<byte> value) => $"{number}:" + FormOf(number) switch
    {
        Form.Number when value.Length <= 4 => ReadNumber(value).ToString(CultureInfo.InvariantCulture),
        Form.Block when value.Length <= 3 => new BlockOption(ReadNumber(value)).ToString(),
        Form.Text => Escape(Encoding.UTF8.GetString(value)),
        _ => Convert.ToHexStringLower(value),
    };

    public static string Escape(string text)
    {
        var result = new StringBuilder();
        foreach (var c in text)
        {
            result.Append(c is <= ' ' or '/' or '?' or '&' or '%' or '"' or '\x7f' ? $"%{(int)c:X2}" : c);
        }
        return result.ToString();
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text);

    private static byte[] Encode(OptionNumber number, string text) => FormOf(number) switch
    {
        Form.Number => Shortest(uint.Parse(text, CultureInfo.InvariantCulture)),
        Form.Block => Shortest(ParseBlock(text)),
        Form.Text => Encoding.UTF8.GetBytes(Unescape(text)),
        _ => Convert.FromHexString(text),
    };

    private static uint ParseBlock(string text)
    {
        var parts = text.Split('/');
        var number = int.Parse(parts[0], CultureInfo.InvariantCulture);
        var size = int.Parse(parts[2], CultureInfo.InvariantCulture);
        return new BlockOption(number, parts[1] == "1", BlockOption.ExponentFor(size)).Value;
    }

    private static byte[] Shortest(uint value)
    {
        var builder = new CoapOptionsBuilder();
        builder.Add(OptionNumber.Observe, value);
        return builder.Build().TryGet(OptionNumber.Observe, out var bytes) ? bytes.ToArray() : [];
    }

    private static uint ReadNumber(ReadOnlySpan<byte> value) => new CoapOption(default, value).UInt;

    private static OptionNumber NumberOf(string name)
    {
        if (ushort.TryParse(name, CultureInfo.InvariantCulture, out var number))
        {
            return new OptionNumber(number);
        }
        foreach (var known in _known)
        {
            if (new OptionNumber(known).ToString() == name)
            {
                return new OptionNumber(known);
            }
        }
        throw new FormatException($"No option is called '{name}'.");
    }

    private static Form FormOf(OptionNumber number) => number.Value switch
    {
        6 or 7 or 12 or 14 or 17 or 28 or 60 or 258 => Form.Number,
        23 or 27 => Form.Block,
        3 or 8 or 11 or 15 or 20 or 35 or 39 => Form.Text,
        _ => Form.Opaque,
    };
}

/// <summary>An option of a script: its value, or the name of the variable that takes or gives it.</summary>
internal sealed record ScriptOption(OptionNumber Number, byte[] Value, string? Variable);
