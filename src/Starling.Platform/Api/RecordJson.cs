using System.Text.Json.Nodes;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Records, links and attributes as the API shows them.</summary>
internal static class RecordJson
{
    /// <summary>Records, each with its name, type and unit as the catalog knows them.</summary>
    public static JsonArray Write(IEnumerable<Lwm2mRecord> records, CatalogView catalog)
    {
        var array = new JsonArray();
        foreach (var record in records)
        {
            array.Add((JsonNode)Write(record, catalog));
        }
        return array;
    }

    /// <summary>The links of a Discover.</summary>
    public static JsonArray Write(IEnumerable<CoreLink> links, string root)
    {
        var array = new JsonArray();
        foreach (var link in links)
        {
            var attributes = new JsonObject();
            foreach (var (name, value) in link.Attributes)
            {
                attributes[name] = value;
            }
            var path = root.Length > 0 && link.Target.StartsWith(root, StringComparison.Ordinal) ? link.Target[root.Length..] : link.Target;
            array.Add((JsonNode)new JsonObject { ["path"] = path, ["attributes"] = attributes });
        }
        return array;
    }

    private static JsonObject Write(Lwm2mRecord record, CatalogView catalog)
    {
        var definition = catalog.FindResource(record.Path);
        var item = new JsonObject { ["path"] = record.Path.ToString() };
        if ((definition?.Name ?? catalog.FindObject(record.Path.ObjectId)?.Name) is { } name)
        {
            item["name"] = name;
        }
        item["type"] = ValueJson.NameOf(record.Value.Kind);
        if (record.Value.Kind is not (ValueKind.Empty or ValueKind.None))
        {
            item["value"] = ValueJson.Write(record.Value);
        }
        if (definition is { Units.Length: > 0 })
        {
            item["units"] = definition.Units;
        }
        if (record.Time is { } time)
        {
            item["time"] = Rfc3339.Write(time);
        }
        return item;
    }
}
