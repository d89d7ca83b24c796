using System.Text;

namespace Starling.Lwm2m;

/// <summary>
/// Whether a value may be written to a resource, by its definition (LwM2M Core 1.2 appendix C and D): its type, and the range where that can be
/// understood. A server asks before it sends, a client before it takes: what is refused is 4.00.
/// </summary>
public static class ValueRules
{
    /// <summary>Checks a value and brings it into the resource's type where nothing is lost by it.</summary>
    /// <param name="resource">The definition.</param>
    /// <param name="value">The value.</param>
    /// <param name="fitting">The value in the resource's type; of no use when there is a reason.</param>
    /// <returns>Null when the value fits; else why not, to stand behind the name of the field: <c>is 120, outside 0..100</c>.</returns>
    public static string? Check(ResourceDefinition resource, Lwm2mValue value, out Lwm2mValue fitting)
    {
        ArgumentNullException.ThrowIfNull(resource);
        fitting = value;
        if (value.Kind is ValueKind.None or ValueKind.Empty or ValueKind.Null)
        {
            return "has no value";
        }
        if (resource.Type == ValueKind.None)
        {
            return (resource.Operations & ResourceOperations.Execute) != 0 ? "is executed and takes no value" : null;   // else its type is not told
        }
        return value.TryConvert(resource.Type, out fitting)
            ? CheckRange(resource.Range, fitting)
            : $"is {Shown(value)}, which is no {resource.Type}";
    }

    private static string? CheckRange(string range, Lwm2mValue value) => value.Kind switch
    {
        ValueKind.CoreLink when !LinkFormat.TryParse(value.AsString(), out _) => "is no list of links as in </3/0>,</5>",
        _ when range.Length == 0 => null,
        ValueKind.Integer or ValueKind.Time => ValueRange.Allows<decimal>(range, value.AsInteger()) ? null : Outside(value, range),
        ValueKind.Unsigned => ValueRange.Allows<decimal>(range, value.AsUnsigned()) ? null : Outside(value, range),
        ValueKind.Float => ValueRange.Allows(range, value.AsFloat()) ? null : Outside(value, range),
        ValueKind.String when ValueRange.IsTexts(range) => ValueRange.AllowsText(range, value.AsString()) ? null : $"is {Shown(value)}, none of {range}",
        ValueKind.String => CheckLength(range, Encoding.UTF8.GetByteCount(value.AsString())),
        ValueKind.Opaque => CheckLength(range, value.AsOpaque().Length),
        _ => null,
    };

    private static string? CheckLength(string range, int length) =>
        ValueRange.AllowsLength(range, length) ? null : $"is {length} bytes long, outside {range}";

    private static string Outside(Lwm2mValue value, string range) => $"is {value}, outside {range}";

    private static string Shown(Lwm2mValue value) => value.Kind switch
    {
        ValueKind.String or ValueKind.CoreLink => $"'{(value.AsString() is { Length: > 40 } text ? text[..40] + "…" : value.AsString())}'",
        ValueKind.Opaque => $"{value.AsOpaque().Length} bytes",
        _ => value.ToString(),
    };
}
