using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Starling.Platform;

/// <summary>Renders an OpenAPI document as one page without scripts: what <see cref="OpenApiDocument"/> uses of the format, no more.</summary>
/// <param name="document">The document.</param>
/// <param name="here">Where the server is, for the commands.</param>
internal sealed class OpenApiPage(JsonObject document, string here)
{
    private static readonly JsonSerializerOptions _pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions _flat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly StringBuilder _page = new();

    /// <summary>The page.</summary>
    public string Render(string style)
    {
        var about = document["info"]!;
        Add($"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">""");
        Add($"""<title>REST API · {Text(about["title"])}</title><style>{style}</style></head><body><main><h1>REST API</h1>""");
        Add($"""<p>{Text(about["summary"])} {Words(about["description"])}</p><p class="dim">For programs: <a href="{OpenApiDocument.Route}">{OpenApiDocument.Route}</a>, OpenAPI {Text(document["openapi"])}.</p>""");
        foreach (var tag in document["tags"]!.AsArray())
        {
            AddTag(tag!);
        }
        Add("<h2>Schemas</h2>");
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            AddSchema(name, schema!);
        }
        return Add("</main></body></html>").ToString();
    }

    private void AddTag(JsonNode tag)
    {
        Add($"<h2>{Text(tag["name"])}</h2><p>{Text(tag["description"])}</p>");
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject().Where(o => o.Value!["tags"]![0]!.GetValue<string>() == tag["name"]!.GetValue<string>()))
            {
                AddOperation(path, method, operation!);
            }
        }
    }

    private void AddOperation(string path, string method, JsonNode operation)
    {
        Add($"""<details id="{Text(operation["operationId"])}"><summary><span class="verb {method}">{method.ToUpperInvariant()}</span>""");
        Add($"""<code>{Html(path)}</code><span class="dim">{Text(operation["summary"])}</span></summary><div class="body">""");
        Add(operation["description"] is { } description ? $"<p>{Words(description)}</p>" : "");
        AddParameters(operation);
        AddRequest(path, method, operation);
        Add("<h3>Answers</h3>");
        foreach (var (status, response) in operation["responses"]!.AsObject())
        {
            AddResponse(status, Resolve(response!));
        }
        Add("</div></details>");
    }

    private void AddParameters(JsonNode operation)
    {
        if (operation["parameters"] is not JsonArray parameters)
        {
            return;
        }
        Add("""<h3>Parameters</h3><div class="wide"><table><tr><th>name</th><th>in</th><th>type</th><th>what</th></tr>""");
        foreach (var parameter in parameters.Select(p => Resolve(p!)))
        {
            Add($"<tr><td><code>{Text(parameter["name"])}</code></td><td>{Text(parameter["in"])}</td><td>{TypeOf(parameter["schema"]!)}</td><td>{Words(parameter["description"])}</td></tr>");
        }
        Add("</table></div>");
    }

    private void AddRequest(string path, string method, JsonNode operation)
    {
        var command = $"curl{(method == "get" ? "" : $" -X {method.ToUpperInvariant()}")}{(operation["tags"]![0]!.GetValue<string>() == "Events" ? " -N" : "")} '{here}{Fill(path, operation)}'";
        if (operation["requestBody"]?["content"]!["application/json"] is not { } body)
        {
            Add($"<h3>Example</h3><pre>{Html(command)}</pre>");
            return;
        }
        Add($"<h3>Body</h3><p>{TypeOf(body["schema"]!)}</p>");
        foreach (var (_, example) in body["examples"]!.AsObject())
        {
            var json = example!["value"]!.ToJsonString(_flat).Replace("'", @"'\''", StringComparison.Ordinal);
            Add($"<p>{Text(example["summary"])}:</p><pre>{Html($"{command} -d '{json}'")}</pre>");
        }
    }

    // The path of the example, as it is sent.
    private string Fill(string path, JsonNode operation)
    {
        foreach (var parameter in (operation["parameters"] as JsonArray ?? []).Select(p => Resolve(p!)).Where(p => p["in"]!.GetValue<string>() == "path"))
        {
            path = path.Replace($"{{{parameter["name"]}}}", Uri.EscapeDataString(parameter["example"]!.ToString()), StringComparison.Ordinal);
        }
        return path;
    }

    private void AddResponse(string status, JsonNode response)
    {
        var content = response["content"]?.AsObject().FirstOrDefault() ?? default;
        Add($"<details><summary><strong>{status}</strong> <span>{Words(response["description"])}</span></summary>");
        if (content.Value is { } body)
        {
            var example = body["example"] is JsonValue text ? text.GetValue<string>() : body["example"]?.ToJsonString(_pretty) ?? "";
            Add($"""<div class="body"><p><code>{Html(content.Key)}</code> {TypeOf(body["schema"]!)}</p><pre>{Html(example)}</pre></div>""");
        }
        Add("</details>");
    }

    private void AddSchema(string name, JsonNode schema)
    {
        Add($"""<h3 id="schema-{Html(name)}">{Html(name)}</h3><p>{Words(schema["description"])}</p>""");
        if (schema["properties"] is not JsonObject properties)
        {
            Add($"<p>{TypeOf(schema)}</p>");
            return;
        }
        var required = (schema["required"] as JsonArray ?? []).Select(r => r!.GetValue<string>()).ToHashSet();
        Add("""<div class="wide"><table><tr><th>member</th><th>type</th><th>what</th></tr>""");
        foreach (var (member, type) in properties)
        {
            var optional = required.Contains(member) ? "" : """ <span class="dim">(may be absent)</span>""";
            Add($"<tr><td><code>{Html(member)}</code></td><td>{TypeOf(type!)}{optional}</td><td>{Words(type!["description"])}</td></tr>");
        }
        Add("</table></div>");
    }

    private static string TypeOf(JsonNode schema)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            var name = Html(reference.Split('/')[^1]);
            return $"""<a href="#schema-{name}">{name}</a>""";
        }
        if (schema["items"] is { } items)
        {
            return $"list of {TypeOf(items)}";
        }
        var type = schema["type"] is JsonArray several ? string.Join(" or ", several.Select(t => Text(t))) : Text(schema["type"]);
        return (schema["minimum"], schema["maximum"], schema["enum"]) switch
        {
            (_, _, JsonArray choice) => string.Join(", ", choice.Select(c => $"<code>{Text(c)}</code>")),
            ({ } low, { } high, _) => $"{type}, {Text(low)} to {Text(high)}",
            ({ } low, null, _) => $"{type}, {Text(low)} or more",
            _ => type,
        };
    }

    // The other kind of reference, which stands for a whole parameter or response.
    private JsonNode Resolve(JsonNode node) => node["$ref"]?.GetValue<string>() is { } reference
        ? reference.Split('/')[1..].Aggregate((JsonNode)document, (at, name) => at[name]!)
        : node;

    private StringBuilder Add(string html) => _page.Append(html);

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Text(JsonNode? node) => Html(node?.ToString() ?? "");

    /// <summary>A description, whose backquotes are code.</summary>
    private static string Words(JsonNode? node) => string.Concat(Text(node).Split('`').Select((part, index) => index % 2 == 0 ? part : $"<code>{part}</code>"));
}
