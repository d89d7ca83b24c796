using System.Globalization;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>What somebody typed into an editor, as a value of the resource's type.</summary>
internal static class EditedValue
{
    // A bare null would be taken for a text, which converts to a value by itself.
    private static Lwm2mValue? Nothing => default(Lwm2mValue?);

    /// <summary>Reads a text; false with what is wanted instead.</summary>
    public static bool TryRead(ResourceDefinition resource, string text, out Lwm2mValue value, out string error)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var trimmed = text.Trim();
        var found = resource.Type switch
        {
            ValueKind.Integer => long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : Nothing,
            ValueKind.Unsigned => ulong.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var natural) ? Lwm2mValue.Unsigned(natural) : Nothing,
            ValueKind.Float => double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : Nothing,
            ValueKind.Boolean => bool.TryParse(trimmed, out var truth) ? truth : Nothing,
            ValueKind.Opaque => ReadHex(trimmed),
            ValueKind.Time => ReadTime(trimmed),
            ValueKind.ObjectLink => ObjectLink.TryParse(trimmed, out var link) ? Lwm2mValue.ObjectLink(link) : Nothing,
            ValueKind.CoreLink => Lwm2mValue.CoreLink(trimmed),
            _ => Lwm2mValue.String(text),
        };
        value = found ?? default;
        error = found is null ? $"{resource.Name} must be {Wanted(resource.Type)}." : "";
        if (found is null)
        {
            return false;
        }
        if (ValueRules.Check(resource, value, out var fitting) is { } why)
        {
            error = $"{resource.Name} {why}.";
            return false;
        }
        value = fitting;
        return true;
    }

    /// <summary>A type in the words of people.</summary>
    public static string TypeName(ValueKind kind) => kind switch
    {
        ValueKind.String => "text",
        ValueKind.Integer => "whole number",
        ValueKind.Unsigned => "whole number from 0",
        ValueKind.Float => "number",
        ValueKind.Boolean => "yes or no",
        ValueKind.Opaque => "bytes",
        ValueKind.Time => "time",
        ValueKind.ObjectLink => "link to an object",
        ValueKind.CoreLink => "list of links",
        _ => "",
    };

    private static string Wanted(ValueKind kind) => kind switch
    {
        ValueKind.Integer => "a whole number",
        ValueKind.Unsigned => "a whole number, 0 or more",
        ValueKind.Float => "a number, as in 21.5",
        ValueKind.Boolean => "true or false",
        ValueKind.Opaque => "bytes in hexadecimal digits, as in 00ff12",
        ValueKind.Time => "a time in UTC, as in 2026-01-31T12:00",
        ValueKind.ObjectLink => "an object and an instance, as in 3:0",
        _ => "another text",
    };

    private static Lwm2mValue? ReadHex(string text)
    {
        var digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c != ':'));
        return digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit) ? Lwm2mValue.Opaque(Convert.FromHexString(digits)) : Nothing;
    }

    private static Lwm2mValue? ReadTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? Lwm2mValue.Time(time) : Nothing;
}
