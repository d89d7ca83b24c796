using System.Text.Json;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>
/// The values of a Write or a Create: <c>{"value":…}</c> for one resource, else <c>{"values":[{"path":…,"value":…}]}</c>.
/// A path with a slash in front is whole and lies below the target; without one it counts from the target.
/// </summary>
internal static class ValuesBody
{
    private const int MaxValues = ContentCodec.MaxRecords;

    /// <summary>Reads the values of a Write.</summary>
    public static bool TryReadWrite(JsonBody body, Lwm2mPath target, CatalogView catalog, List<Lwm2mRecord> records, out ApiProblem? problem)
    {
        var hasOne = body.TryGet("value", out var value);
        var hasMany = body.TryGet("values", out var values);
        if (hasOne == hasMany)
        {
            problem = ApiProblem.BadField(target.Depth < 3 ? "values" : "value", target.Depth < 3
                ? "The body must be {\"values\":[{\"path\":…,\"value\":…}]}."
                : "The body must be {\"value\":…}.");
            return false;
        }
        if (hasMany)
        {
            return TryReadList(values, target, catalog, records, out problem);
        }
        if (target.Depth < 3)
        {
            problem = ApiProblem.BadField("value", $"{target} is not one value: the body must be {{\"values\":[{{\"path\":…,\"value\":…}}]}}.");
            return false;
        }
        if (target.IsResource && catalog.FindResource(target) is { IsMultiple: true } multiple)
        {
            problem = ApiProblem.BadField("value", $"{multiple.Name} ({target}) has instances: name them, {{\"values\":[{{\"path\":\"0\",\"value\":…}}]}}.");
            return false;
        }
        return TryReadOne(value, "value", target, catalog, records, out problem);
    }

    /// <summary>Reads a list of values below a target.</summary>
    public static bool TryReadList(JsonElement values, Lwm2mPath target, CatalogView catalog, List<Lwm2mRecord> records, out ApiProblem? problem)
    {
        if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() > MaxValues)
        {
            problem = ApiProblem.BadField("values", $"\"values\" must be a list of at most {MaxValues} objects.");
            return false;
        }
        var seen = new HashSet<Lwm2mPath>();
        var index = 0;
        foreach (var item in values.EnumerateArray())
        {
            var field = $"values[{index++}]";
            if (!TryReadPath(item, field, target, out var path, out problem)
                || !TryReadOne(item.GetProperty("value"), field + ".value", path, catalog, records, out problem))
            {
                return false;
            }
            if (!seen.Add(path))
            {
                problem = ApiProblem.BadField(field + ".path", $"{path} is there twice.");
                return false;
            }
        }
        problem = null;
        return true;
    }

    private static bool TryReadPath(JsonElement item, string field, Lwm2mPath target, out Lwm2mPath path, out ApiProblem? problem)
    {
        path = default;
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("path", out var text) || text.ValueKind != JsonValueKind.String
            || !item.TryGetProperty("value", out _) || item.EnumerateObject().Count() != 2)
        {
            problem = ApiProblem.BadField(field, $"{field} must have \"path\" (a string) and \"value\", and nothing else.");
            return false;
        }
        var written = text.GetString()!;
        var whole = written.StartsWith('/') ? written : $"{target}/{written}";
        if (!Lwm2mPath.TryParse(whole, out path) || path.Depth < 3 || !path.StartsWith(target))
        {
            problem = ApiProblem.BadField(field + ".path", $"'{written}' is no resource below {target}.");
            return false;
        }
        problem = null;
        return true;
    }

    private static bool TryReadOne(JsonElement value, string field, Lwm2mPath path, CatalogView catalog, List<Lwm2mRecord> records, out ApiProblem? problem)
    {
        var definition = catalog.FindResource(path);
        if (Misfit(definition, path) is { } misfit)
        {
            problem = ApiProblem.BadField(field, misfit);
            return false;
        }
        if (!ValueJson.TryRead(value, definition?.Type ?? ValueKind.None, out var read, out var error))
        {
            problem = ApiProblem.BadField(field, $"{Name(definition, path)} {error}.") with { Reason = "type" };
            return false;
        }
        if (definition is not null && ValueRules.Check(definition, read, out read) is { } reason)
        {
            problem = ApiProblem.BadField(field, $"{Name(definition, path)} {reason}.") with { Reason = "range" };
            return false;
        }
        records.Add(new Lwm2mRecord(path, read));
        problem = null;
        return true;
    }

    private static string? Misfit(ResourceDefinition? definition, Lwm2mPath path) => definition switch
    {
        null => null,
        { Type: ValueKind.None } => $"{Name(definition, path)} is executed; it has no value.",
        { IsMultiple: false } when path.IsResourceInstance => $"{Name(definition, path.Parent)} has no instances.",
        { IsMultiple: true } when path.IsResource => $"{Name(definition, path)} has instances: say which, as in {path}/0.",
        _ => null,
    };

    private static string Name(ResourceDefinition? definition, Lwm2mPath path) => definition is null ? path.ToString() : $"{definition.Name} ({path})";
}
