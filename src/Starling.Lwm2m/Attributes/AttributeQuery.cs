using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// Notification attributes as query parameters (LwM2M Core 1.2 §7.3): <c>pmin=10</c>, <c>gt=42.5</c>; a name alone or with nothing behind
/// its sign unsets.
/// </summary>
/// <remarks>The standard's numbers have neither sign nor exponent. Both are read all the same; what is written is plain decimal, with a minus where it must be.</remarks>
public static class AttributeQuery
{
    private const int MaxNumber = 64;
    private static readonly (string Name, AttributeNames Flag)[] _names =
    [
        ("pmin", AttributeNames.MinimumPeriod),
        ("pmax", AttributeNames.MaximumPeriod),
        ("gt", AttributeNames.GreaterThan),
        ("lt", AttributeNames.LessThan),
        ("st", AttributeNames.Step),
        ("epmin", AttributeNames.MinimumEvaluationPeriod),
        ("epmax", AttributeNames.MaximumEvaluationPeriod),
        ("edge", AttributeNames.Edge),
        ("con", AttributeNames.Confirmable),
        ("hqmax", AttributeNames.HistoricalQueue),
    ];

    private static readonly string _known = string.Join(", ", _names.Select(n => n.Name));

    /// <summary>Reads the Uri-Query options of a Write-Attributes or of an Observe.</summary>
    /// <param name="options">The options of the request.</param>
    /// <param name="attributes">What it sets and unsets; at least one of them.</param>
    /// <param name="error">What is wrong, in words that name the attribute: an answer of 4.00.</param>
    public static bool TryParse(CoapOptions options, [NotNullWhen(true)] out NotificationAttributes? attributes, out string error)
    {
        attributes = NotificationAttributes.None;
        Span<char> text = stackalloc char[MaxNumber + 8];
        foreach (var option in options)
        {
            if (option.Number != OptionNumber.UriQuery)
            {
                continue;
            }
            if (option.Value.Length > text.Length)
            {
                attributes = null;
                error = "an attribute is too long";
                return false;
            }
            if (!TryAdd(text[..Encoding.Latin1.GetChars(option.Value, text)], ref attributes, out error))
            {
                attributes = null;
                return false;
            }
        }
        error = attributes.IsEmpty ? "there is no attribute" : "";
        attributes = attributes.IsEmpty ? null : attributes;
        return attributes is not null;
    }

    /// <summary>Reads attributes as they stand in a URI, separated by <c>&amp;</c>.</summary>
    /// <param name="query">As in <c>pmin=10&amp;gt=42.5&amp;st</c>.</param>
    /// <param name="attributes">What it sets and unsets; at least one of them.</param>
    /// <param name="error">What is wrong, in words that name the attribute.</param>
    public static bool TryParse(ReadOnlySpan<char> query, [NotNullWhen(true)] out NotificationAttributes? attributes, out string error)
    {
        attributes = NotificationAttributes.None;
        foreach (var range in query.Split('&'))
        {
            if (!TryAdd(query[range], ref attributes, out error))
            {
                attributes = null;
                return false;
            }
        }
        error = "";
        return true;
    }

    /// <summary>Adds one Uri-Query option for each attribute that is set or to be unset.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or longer than 64 characters when it is written without an exponent.</exception>
    public static void Add(ref CoapOptionsBuilder options, NotificationAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        foreach (var (name, flag) in _names)
        {
            if ((attributes.Unset & flag) != 0)
            {
                options.Add(OptionNumber.UriQuery, name);
            }
            else if (Text(attributes, flag) is { } value)
            {
                options.Add(OptionNumber.UriQuery, $"{name}={value}");
            }
        }
    }

    /// <summary>The attributes that are set, as Discover puts them behind a link: <c>pmin</c> to <c>10</c> and so on.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(NotificationAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        foreach (var (name, flag) in _names)
        {
            if (Text(attributes, flag) is { } value)
            {
                yield return new(name, value);
            }
        }
    }

    /// <summary>A number in plain decimal, without an exponent and exactly as precise as it is.</summary>
    internal static string Plain(double number)
    {
        Span<byte> digits = stackalloc byte[512];   // the longest, 5E-324, has 326
        return PlainDecimal.TryFormat(number, digits, out var length)
            ? Encoding.ASCII.GetString(digits[..length])
            : number.ToString("R", CultureInfo.InvariantCulture);
    }

    private static string? Text(NotificationAttributes attributes, AttributeNames flag) => flag switch
    {
        AttributeNames.MinimumPeriod => Text(attributes.MinimumPeriod),
        AttributeNames.MaximumPeriod => Text(attributes.MaximumPeriod),
        AttributeNames.MinimumEvaluationPeriod => Text(attributes.MinimumEvaluationPeriod),
        AttributeNames.MaximumEvaluationPeriod => Text(attributes.MaximumEvaluationPeriod),
        AttributeNames.HistoricalQueue => Text(attributes.HistoricalQueue),
        AttributeNames.GreaterThan => Text(attributes.GreaterThan),
        AttributeNames.LessThan => Text(attributes.LessThan),
        AttributeNames.Step => Text(attributes.Step),
        AttributeNames.Edge => Text(attributes.Edge),
        _ => Text(attributes.Confirmable),
    };

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(bool? truth) => truth is { } value ? (value ? "1" : "0") : null;

    private static string? Text(double? number) => number is not { } value ? null
        : CanWrite(value) ? Plain(value)
        : throw new ArgumentException($"{value} is no number for an attribute.", nameof(number));

    /// <summary>Whether a number is finite and, without its exponent, no longer than what is read.</summary>
    private static bool CanWrite(double number) => double.IsFinite(number) && Plain(number).Length <= MaxNumber;

    private static bool TryAdd(ReadOnlySpan<char> pair, ref NotificationAttributes attributes, out string error)
    {
        var equals = pair.IndexOf('=');
        var name = equals < 0 ? pair : pair[..equals];
        var value = equals < 0 ? default : pair[(equals + 1)..];
        if (!TryFind(name, out var flag))
        {
            error = $"an attribute other than {_known} is not supported";
            return false;
        }
        if (((attributes.Names | attributes.Unset) & flag) != 0)
        {
            error = $"{name} is told twice";
            return false;
        }
        var changed = value.IsEmpty ? attributes with { Unset = attributes.Unset | flag } : With(attributes, flag, value);
        attributes = changed ?? attributes;
        error = changed is null ? $"{name} is not valid" : "";
        return changed is not null;
    }

    private static bool TryFind(ReadOnlySpan<char> name, out AttributeNames flag)
    {
        foreach (var (known, its) in _names)
        {
            if (name.SequenceEqual(known))
            {
                flag = its;
                return true;
            }
        }
        flag = default;
        return false;
    }

    private static NotificationAttributes? With(NotificationAttributes attributes, AttributeNames flag, ReadOnlySpan<char> value)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        switch (flag)
        {
            case AttributeNames.Edge or AttributeNames.Confirmable:
                return value is "0" or "1" ? With(attributes, flag, value is "1") : null;
            case AttributeNames.GreaterThan or AttributeNames.LessThan or AttributeNames.Step:
                var isNumber = double.TryParse(value, style, CultureInfo.InvariantCulture, out var number);
                return isNumber && value.Length <= MaxNumber && CanWrite(number) ? With(attributes, flag, number) : null;
            default:
                return uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? With(attributes, flag, (long)whole) : null;
        }
    }

    private static NotificationAttributes With(NotificationAttributes attributes, AttributeNames flag, bool value) =>
        flag == AttributeNames.Edge ? attributes with { Edge = value } : attributes with { Confirmable = value };

    private static NotificationAttributes With(NotificationAttributes attributes, AttributeNames flag, double value) => flag switch
    {
        AttributeNames.GreaterThan => attributes with { GreaterThan = value },
        AttributeNames.LessThan => attributes with { LessThan = value },
        _ => attributes with { Step = value },
    };

    private static NotificationAttributes With(NotificationAttributes attributes, AttributeNames flag, long value) => flag switch
    {
        AttributeNames.MinimumPeriod => attributes with { MinimumPeriod = value },
        AttributeNames.MaximumPeriod => attributes with { MaximumPeriod = value },
        AttributeNames.MinimumEvaluationPeriod => attributes with { MinimumEvaluationPeriod = value },
        AttributeNames.MaximumEvaluationPeriod => attributes with { MaximumEvaluationPeriod = value },
        _ => attributes with { HistoricalQueue = value },
    };
}
