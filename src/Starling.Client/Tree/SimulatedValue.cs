using System.Globalization;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>A value that a resource may have: by its type, within its range (LwM2M Core 1.2 appendix D).</summary>
internal static class SimulatedValue
{
    public static Lwm2mValue For(ResourceDefinition resource)
    {
        var (low, high) = Bounds(resource.Range);
        return resource.Type switch
        {
            ValueKind.String => Text(resource, low),
            ValueKind.CoreLink => Lwm2mValue.CoreLink("</3/0>"),
            ValueKind.Integer => (long)Math.Round(Middle(low, high), MidpointRounding.ToNegativeInfinity),
            ValueKind.Unsigned => Lwm2mValue.Unsigned((ulong)Math.Max(0, Math.Floor(Middle(low, high)))),
            ValueKind.Float => Middle(low, high),
            ValueKind.Boolean => false,
            ValueKind.Opaque => new byte[(int)Math.Clamp(low ?? 0, 0, 64)],
            ValueKind.Time => Lwm2mValue.Time(0),
            ValueKind.ObjectLink => Lwm2mValue.ObjectLink(ObjectLink.Null),
            _ => Lwm2mValue.None,
        };
    }

    // A quoted list is an enumeration; otherwise a range is a length.
    private static string Text(ResourceDefinition resource, double? shortest)
    {
        var range = resource.Range;
        var open = range.IndexOf('"', StringComparison.Ordinal);
        var close = open < 0 ? -1 : range.IndexOf('"', open + 1);
        if (close > open)
        {
            return range[(open + 1)..close];
        }
        return shortest is > 0 and <= 255 ? new string('0', (int)shortest) : "";
    }

    private static double Middle(double? low, double? high) => (low, high) switch
    {
        (null, null) => 0,
        ({ } l, null) => Math.Max(l, 0),
        (null, { } h) => Math.Min(h, 0),
        ({ } l, { } h) when l <= 0 && h >= 0 && h - l > 1000 => 0,
        ({ } l, { } h) => l + ((h - l) / 2),
    };

    private static (double? Low, double? High) Bounds(string range)
    {
        var dots = range.IndexOf("..", StringComparison.Ordinal);
        return dots < 0
            ? (Number(range.Split(',')[0]), Number(range.Split(',')[0]))
            : (Number(range[..dots]), Number(range[dots..].TrimStart('.')));   // some files write three dots
    }

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
