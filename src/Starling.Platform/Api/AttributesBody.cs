using System.Text.Json;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Notification attributes as JSON: <c>{"pmin":1,"gt":30.5,"pmax":null}</c>; null unsets.</summary>
internal static class AttributesBody
{
    public static string[] Names { get; } = ["pmin", "pmax", "gt", "lt", "st"];

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
        error = member.Name is "pmin" or "pmax" ? "must be a whole number of seconds, 0 or more." : "must be a number.";
        var unset = member.Value.ValueKind == JsonValueKind.Null;
        var seconds = 0L;
        var number = 0.0;
        var isSeconds = member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out seconds) && seconds is >= 0 and <= uint.MaxValue;
        var isNumber = member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDouble(out number) && double.IsFinite(number);
        switch (member.Name)
        {
            case "pmin" when unset || isSeconds:
                attributes = unset ? attributes with { Unset = attributes.Unset | AttributeNames.MinimumPeriod } : attributes with { MinimumPeriod = seconds };
                return true;
            case "pmax" when unset || isSeconds:
                attributes = unset ? attributes with { Unset = attributes.Unset | AttributeNames.MaximumPeriod } : attributes with { MaximumPeriod = seconds };
                return true;
            case "gt" when unset || isNumber:
                attributes = unset ? attributes with { Unset = attributes.Unset | AttributeNames.GreaterThan } : attributes with { GreaterThan = number };
                return true;
            case "lt" when unset || isNumber:
                attributes = unset ? attributes with { Unset = attributes.Unset | AttributeNames.LessThan } : attributes with { LessThan = number };
                return true;
            case "st" when unset || (isNumber && number >= 0):
                attributes = unset ? attributes with { Unset = attributes.Unset | AttributeNames.Step } : attributes with { Step = number };
                return true;
            default:
                error = Names.Contains(member.Name) ? error : $"is not an attribute; there is {string.Join(", ", Names)}.";
                return false;
        }
    }
}
