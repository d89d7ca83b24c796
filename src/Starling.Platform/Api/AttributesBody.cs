using System.Text.Json;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Notification attributes as JSON: <c>{"pmin":1,"gt":30.5,"pmax":null}</c>; null unsets.</summary>
internal static class AttributesBody
{
    public static string[] Names { get; } = ["pmin", "pmax", "gt", "lt", "st", "epmin", "epmax", "edge", "con", "hqmax"];

    /// <summary>Reads them.</summary>
    /// <param name="json">The object.</param>
    /// <param name="prefix">What stands in front of a field's name in a complaint.</param>
    /// <param name="attributes">What is set and unset.</param>
    /// <param name="problem">What is wrong.</param>
    public static bool TryRead(JsonElement json, string prefix, out NotificationAttributes attributes, out ApiProblem? problem)
    {
        attributes = NotificationAttributes.None;
        problem = null;
        if (json.ValueKind != JsonValueKind.Object || !json.EnumerateObject().Any())
        {
            problem = ApiProblem.BadField(prefix.Length > 0 ? prefix.TrimEnd('.') : "body", $"There must be at least one of {string.Join(", ", Names)}.");
            return false;
        }
        foreach (var member in json.EnumerateObject())
        {
            if (!TryAdd(ref attributes, member, out var error))
            {
                problem = ApiProblem.BadField(prefix + member.Name, $"{member.Name} {error}");
                return false;
            }
        }
        if (attributes is { MinimumPeriod: { } low, MaximumPeriod: > 0 and { } high } && low > high)
        {
            problem = ApiProblem.BadField(prefix + "pmin", $"pmin ({low}) is above pmax ({high}).");
            return false;
        }
        return true;
    }

    private static bool TryAdd(ref NotificationAttributes attributes, JsonProperty member, out string error)
    {
        error = member.Name switch
        {
            _ when !Names.Contains(member.Name) => $"is not an attribute; there is {string.Join(", ", Names)}.",
            "gt" or "lt" or "st" => "must be a number.",
            "edge" or "con" => "must be 0 or 1.",
            "hqmax" => "must be a whole number, 0 or more.",
            _ => "must be a whole number of seconds, 0 or more.",
        };
        var value = member.Value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.Number => "=" + member.Value.GetRawText(),
            _ => "=?",
        };
        if (!AttributeQuery.TryParse(member.Name + value, out var one, out _) || one.Step < 0)
        {
            return false;
        }
        attributes = one.InheritFrom(attributes) with { Unset = attributes.Unset | one.Unset };
        return true;
    }
}
