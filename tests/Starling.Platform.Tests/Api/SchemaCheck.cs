using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Starling.Platform.Tests;

/// <summary>
/// Whether a JSON value has the shape of a schema of the document: what the document uses of JSON Schema, and one thing more — a member that the
/// schema does not name is wrong too, for then the document lacks it.
/// </summary>
internal static class SchemaCheck
{
    /// <summary>What does not fit, each with its place; empty when all of it fits.</summary>
    public static IEnumerable<string> Check(JsonNode document, JsonNode schema, JsonNode? value, string place = "$")
    {
        schema = Resolve(document, schema);
        if (schema["type"] is { } type && !IsOf(type, value))
        {
            return [$"{place} is {value?.GetValueKind().ToString() ?? "null"}, not {type.ToJsonString()}"];
        }
        return value switch
        {
            JsonObject given => CheckObject(document, schema, given, place),
            JsonArray list => CheckList(document, schema, list, place),
            JsonValue one => CheckValue(schema, one, place),
            _ => [],
        };
    }

    /// <summary>What a reference stands for.</summary>
    public static JsonNode Resolve(JsonNode document, JsonNode node) => node["$ref"]?.GetValue<string>() is { } reference
        ? reference.Split('/')[1..].Aggregate(document, (at, name) => at[name] ?? throw new InvalidOperationException($"{reference} leads nowhere."))
        : node;

    private static IEnumerable<string> CheckObject(JsonNode document, JsonNode schema, JsonObject given, string place)
    {
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(n => n!.GetValue<string>()).Where(n => !given.ContainsKey(n)))
        {
            yield return $"{place} has no {name}";
        }
        foreach (var (name, value) in given)
        {
            if ((schema["properties"]?[name] ?? schema["additionalProperties"]) is not { } member)
            {
                yield return $"{place}.{name} is not described";
                continue;
            }
            foreach (var problem in Check(document, member, value, $"{place}.{name}"))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> CheckList(JsonNode document, JsonNode schema, JsonArray list, string place)
    {
        if (list.Count < (schema["minItems"]?.GetValue<int>() ?? 0) || list.Count > (schema["maxItems"]?.GetValue<int>() ?? int.MaxValue))
        {
            yield return $"{place} has {list.Count} items";
        }
        foreach (var problem in list.SelectMany((item, index) => Check(document, schema["items"]!, item, $"{place}[{index}]")))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> CheckValue(JsonNode schema, JsonValue value, string place)
    {
        if (schema["enum"] is JsonArray choice && !choice.Any(c => JsonNode.DeepEquals(c, value)))
        {
            yield return $"{place} is none of {choice.ToJsonString()}";
        }
        if (schema["pattern"] is { } pattern && !Regex.IsMatch(value.GetValue<string>(), pattern.GetValue<string>()))
        {
            yield return $"{place} does not match {pattern}";
        }
        if (schema["format"]?.GetValue<string>() == "date-time" && !DateTimeOffset.TryParse(value.GetValue<string>(), out _))
        {
            yield return $"{place} is no time";
        }
        if (value.GetValueKind() == JsonValueKind.Number
            && (value.GetValue<double>() < (schema["minimum"]?.GetValue<double>() ?? double.MinValue) || value.GetValue<double>() > (schema["maximum"]?.GetValue<double>() ?? double.MaxValue)))
        {
            yield return $"{place} is out of range";
        }
    }

    private static bool IsOf(JsonNode type, JsonNode? value) =>
        type is JsonArray several ? several.Any(t => IsOne(t!.GetValue<string>(), value)) : IsOne(type.GetValue<string>(), value);

    private static bool IsOne(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value!.ToJsonString().IndexOfAny(['.', 'e', 'E']) < 0,
        _ => false,
    };
}
