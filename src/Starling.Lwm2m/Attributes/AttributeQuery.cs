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
    ];

    /// <summary>Reads the Uri-Query options of a Write-Attributes.</summary>
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
        AttributeNames.MinimumPeriod => attributes.MinimumPeriod?.ToString(CultureInfo.InvariantCulture),
        AttributeNames.MaximumPeriod => attributes.MaximumPeriod?.ToString(CultureInfo.InvariantCulture),
        AttributeNames.GreaterThan => Text(attributes.GreaterThan),
        AttributeNames.LessThan => Text(attributes.LessThan),
        _ => Text(attributes.Step),
    };

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
            error = "an attribute other than pmin, pmax, gt, lt and st is not supported";
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
        if (flag is AttributeNames.MinimumPeriod or AttributeNames.MaximumPeriod)
        {
            return !uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? null
                : flag == AttributeNames.MinimumPeriod ? attributes with { MinimumPeriod = seconds }
                : attributes with { MaximumPeriod = seconds };
        }
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (value.Length > MaxNumber || !double.TryParse(value, style, CultureInfo.InvariantCulture, out var number) || !CanWrite(number))
        {
            return null;
        }
        return flag switch
        {
            AttributeNames.GreaterThan => attributes with { GreaterThan = number },
            AttributeNames.LessThan => attributes with { LessThan = number },
            _ => attributes with { Step = number },
        };
    }
}
