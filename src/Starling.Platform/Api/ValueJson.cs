using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>One value as JSON and back, by its type: opaque as base64, time as RFC 3339, an object link as "3:0", 64-bit numbers exactly.</summary>
internal static class ValueJson
{
    // A bare null would be taken for a text or bytes, which convert to values by themselves.
    private static Lwm2mValue? Nothing => default(Lwm2mValue?);

    /// <summary>The type's name in the API.</summary>
    public static string NameOf(ValueKind kind) => kind switch
    {
        ValueKind.String => "string",
        ValueKind.Integer => "integer",
        ValueKind.Unsigned => "unsigned",
        ValueKind.Float => "float",
        ValueKind.Boolean => "boolean",
        ValueKind.Opaque => "opaque",
        ValueKind.Time => "time",
        ValueKind.ObjectLink => "objlink",
        ValueKind.CoreLink => "corelink",
        ValueKind.Empty => "empty",
        _ => "none",
    };

    /// <summary>Writes a value; what is no data becomes null.</summary>
    public static JsonNode? Write(Lwm2mValue value) => value.Kind switch
    {
        ValueKind.String or ValueKind.CoreLink => JsonValue.Create(value.AsString()),
        ValueKind.Integer => JsonValue.Create(value.AsInteger()),
        ValueKind.Unsigned => JsonValue.Create(value.AsUnsigned()),
        ValueKind.Float when double.IsFinite(value.AsFloat()) => JsonValue.Create(value.AsFloat()),
        ValueKind.Float => JsonValue.Create(value.ToString()),   // JSON has no NaN and no infinity
        ValueKind.Boolean => JsonValue.Create(value.AsBoolean()),
        ValueKind.Opaque => JsonValue.Create(Convert.ToBase64String(value.AsOpaque().Span)),
        ValueKind.Time => WriteTime(value),
        ValueKind.ObjectLink => JsonValue.Create(value.ToString()),
        _ => null,
    };

    /// <summary>Reads a value of a type; of <see cref="ValueKind.None"/> the type that the JSON suggests.</summary>
    /// <param name="json">What was sent.</param>
    /// <param name="kind">The type that is wanted.</param>
    /// <param name="value">The value.</param>
    /// <param name="error">What is wanted instead, in words that follow the name of the field.</param>
    public static bool TryRead(JsonElement json, ValueKind kind, out Lwm2mValue value, out string error)
    {
        var found = kind switch
        {
            ValueKind.String or ValueKind.CoreLink => ReadText(json, kind),
            ValueKind.Integer => ReadInteger(json),
            ValueKind.Unsigned => ReadUnsigned(json),
            ValueKind.Float => ReadFloat(json),
            ValueKind.Boolean => ReadBoolean(json),
            ValueKind.Opaque => ReadBytes(json),
            ValueKind.Time => ReadTime(json),
            ValueKind.ObjectLink => ReadLink(json),
            _ => Guess(json),
        };
        value = found ?? default;
        error = found is null ? "must be " + Wanted(kind) : "";
        return found is not null;
    }

    private static string Wanted(ValueKind kind) => kind switch
    {
        ValueKind.String => "a string",
        ValueKind.CoreLink => "a string in CoRE link format",
        ValueKind.Integer => "a whole number of 64 bits",
        ValueKind.Unsigned => "a whole number of 0 to 18446744073709551615",
        ValueKind.Float => "a number",
        ValueKind.Boolean => "true or false",
        ValueKind.Opaque => "bytes as a base64 string",
        ValueKind.Time => "a time as in \"2026-01-31T12:00:00Z\", or seconds since 1970",
        ValueKind.ObjectLink => "an object link as in \"3:0\"",
        _ => "a string, a number, true or false",
    };

    private static JsonValue WriteTime(Lwm2mValue value)
    {
        var text = value.ToString();
        return text.EndsWith('Z') ? JsonValue.Create(text) : JsonValue.Create(value.AsInteger());   // beyond the year 9999
    }

    private static Lwm2mValue? ReadText(JsonElement json, ValueKind kind)
    {
        if (json.ValueKind != JsonValueKind.String)
        {
            return Nothing;
        }
        return kind == ValueKind.String ? Lwm2mValue.String(json.GetString()!) : Lwm2mValue.CoreLink(json.GetString()!);
    }

    private static Lwm2mValue? ReadBytes(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.TryGetBytesFromBase64(out var bytes) ? Lwm2mValue.Opaque(bytes) : Nothing;

    private static Lwm2mValue? ReadLink(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && ObjectLink.TryParse(json.GetString(), out var link) ? Lwm2mValue.ObjectLink(link) : Nothing;

    // Some clients of this API cannot write 64-bit numbers exactly; they may send digits in quotes.
    private static Lwm2mValue? ReadInteger(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number when json.TryGetDecimal(out var number) && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue => (long)number,
        JsonValueKind.String when long.TryParse(json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ => Nothing,
    };

    private static Lwm2mValue? ReadUnsigned(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetUInt64(out var whole) => Lwm2mValue.Unsigned(whole),
        JsonValueKind.Number when TryGetWhole(json, out var number) && number is >= 0 and <= ulong.MaxValue => Lwm2mValue.Unsigned((ulong)number),
        JsonValueKind.String when ulong.TryParse(json.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var whole) => Lwm2mValue.Unsigned(whole),
        _ => Nothing,
    };

    // 1.0 and 1e3 are whole numbers too.
    private static bool TryGetWhole(JsonElement json, out decimal number) => json.TryGetDecimal(out number) && decimal.IsInteger(number);

    private static Lwm2mValue? ReadFloat(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetDouble(out var number) && double.IsFinite(number) => Lwm2mValue.Float(number),
        JsonValueKind.String when json.GetString() == "NaN" => Lwm2mValue.Float(double.NaN),
        JsonValueKind.String when json.GetString() == "Infinity" => Lwm2mValue.Float(double.PositiveInfinity),
        JsonValueKind.String when json.GetString() == "-Infinity" => Lwm2mValue.Float(double.NegativeInfinity),
        _ => Nothing,
    };

    private static Lwm2mValue? ReadBoolean(JsonElement json) =>
        json.ValueKind is JsonValueKind.True or JsonValueKind.False ? Lwm2mValue.Boolean(json.ValueKind == JsonValueKind.True) : Nothing;

    private static Lwm2mValue? ReadTime(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            // RFC 3339 always has an offset; without one the same text means another time on another machine.
            return HasOffset(json.GetString()!) && DateTimeOffset.TryParse(json.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? Lwm2mValue.Time(time)
                : Nothing;
        }
        return json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var seconds) ? Lwm2mValue.Time(seconds) : Nothing;
    }

    private static bool HasOffset(string text)
    {
        var time = text.IndexOfAny(['T', 't', ' ']);
        return time > 0 && text.AsSpan(time).IndexOfAny("Zz+-") > 0;
    }

    private static Lwm2mValue? Guess(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => Lwm2mValue.String(json.GetString()!),
        JsonValueKind.True or JsonValueKind.False => ReadBoolean(json),
        JsonValueKind.Number => ReadInteger(json) ?? ReadUnsigned(json) ?? ReadFloat(json),
        _ => Nothing,
    };
}
