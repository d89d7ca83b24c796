using System.Globalization;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Notification attributes in the words of people.</summary>
internal static class ConditionWords
{
    /// <summary>Whether an attribute can be attached where the device knows it: by its version, and by the type of a resource; null for what is no resource.</summary>
    public static bool Fits(string name, Lwm2mVersion version, ResourceDefinition? resource) => name switch
    {
        "gt" or "lt" or "st" => resource is { Type: ValueKind.Integer or ValueKind.Unsigned or ValueKind.Float or ValueKind.Time },
        "edge" => version >= Lwm2mVersion.V12 && resource is { Type: ValueKind.Boolean },
        "epmin" or "epmax" => version >= Lwm2mVersion.V11,
        "con" or "hqmax" => version >= Lwm2mVersion.V12,
        _ => true,
    };

    /// <summary>What a field asks for.</summary>
    public static string Ask(string name) => name switch
    {
        "pmin" => "Told at most every (s)",
        "pmax" => "Told at least every (s)",
        "gt" => "Passing an upper threshold",
        "lt" => "Passing a lower threshold",
        "st" => "Changing by",
        "epmin" => "Measured at most every (s)",
        "epmax" => "Measured at least every (s)",
        "edge" => "Told only when it becomes",
        "con" => "Each message confirmed",
        _ => "Values kept while we are away",
    };

    /// <summary>What is attached, as a sentence's part: <c>told at most every 5 s</c>.</summary>
    public static string Say(string name, string value) => name switch
    {
        "pmin" => $"told at most every {Span(value)}",
        "pmax" => value == "0" ? "told without a change: never" : $"told at least every {Span(value)}",
        "gt" => $"told when it passes {value}, the upper threshold",
        "lt" => $"told when it passes {value}, the lower threshold",
        "st" => $"told when it has changed by {value}",
        "epmin" => $"measured at most every {Span(value)}",
        "epmax" => value == "0" ? "measured without a sign of change: never" : $"measured at least every {Span(value)}",
        "edge" => value == "1" ? "told only when it becomes yes" : "told only when it becomes no",
        "con" => value == "1" ? "each message is confirmed" : "messages are confirmed as the device likes",
        _ => $"up to {value} values are kept while we are away",
    };

    private static string Span(string seconds) => long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? Moments.Span(TimeSpan.FromSeconds(whole)) : seconds;
}
