using System.Text.Json.Nodes;

namespace Starling.Platform.Tests;

/// <summary>One operation of the OpenAPI document, with what its examples send.</summary>
internal sealed record DescribedOperation(JsonNode Document, string Path, string Method, JsonNode Node)
{
    private static readonly string[] _order = ["GET", "PUT", "PATCH", "POST", "DELETE"];

    /// <summary>All of them; what deletes comes last, and the deepest of that first.</summary>
    public static IReadOnlyList<DescribedOperation> All(JsonNode document) =>
    [
        .. document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => new DescribedOperation(document, p.Key, o.Key.ToUpperInvariant(), o.Value!)))
            .OrderBy(o => Array.IndexOf(_order, o.Method)).ThenBy(o => o.Method == "DELETE" ? -o.Path.Split('/').Length : 0),
    ];

    public string Id => Node["operationId"]!.GetValue<string>();

    /// <summary>The status of success, and what comes with it: the first where there is also one for what is queued.</summary>
    public (int Status, JsonNode Response) Success
    {
        get
        {
            var (status, response) = Node["responses"]!.AsObject().First(r => r.Key[0] == '2');
            return (int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), response!);
        }
    }

    public IEnumerable<JsonNode> Parameters => (Node["parameters"] as JsonArray ?? []).Select(p => SchemaCheck.Resolve(Document, p!));

    /// <summary>The examples of the body by name; one without a body when it takes none.</summary>
    public IEnumerable<(string Name, JsonNode? Body)> Examples => Node["requestBody"]?["content"]!["application/json"]!["examples"] is JsonObject examples
        ? examples.Select(e => (e.Key, e.Value!["value"]))
        : [("", null)];

    public JsonNode? BodySchema => Node["requestBody"]?["content"]!["application/json"]!["schema"];

    /// <summary>The address with the example of each parameter, without <c>/api/v1</c>.</summary>
    /// <param name="instead">Other values than those of the examples, by name.</param>
    public string Address(params (string Name, string Value)[] instead)
    {
        var (path, query) = (Path["/api/v1".Length..], new List<string>());
        foreach (var parameter in Parameters)
        {
            var name = parameter["name"]!.GetValue<string>();
            var value = instead.FirstOrDefault(i => i.Name == name).Value ?? parameter["example"]?.ToString();
            path = parameter["in"]!.GetValue<string>() == "path" ? path.Replace($"{{{name}}}", Uri.EscapeDataString(value!), StringComparison.Ordinal) : path;
            if (parameter["in"]!.GetValue<string>() == "query" && value is not null)
            {
                query.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }
}
