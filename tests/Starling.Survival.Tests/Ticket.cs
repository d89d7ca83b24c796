using System.Text.Json.Nodes;

namespace Starling.Survival.Tests;

/// <summary>A queued operation that its caller knows, and the last that it was told of it.</summary>
/// <param name="told">What the server said of it, in the JSON of its API.</param>
internal sealed class Ticket(JsonObject told)
{
    private static readonly string[] _fixed = ["endpoint", "operation", "path", "queuedAt", "expiresAt"];

    public string Id => (string)Told["id"]!;

    public JsonObject Told { get; private set; } = told;

    public bool HasResult => Told["endedAt"] is not null;

    /// <summary>How the server's word differs from what it said before; null when it does not. A null word is that it does not know the operation.</summary>
    public string? Differs(JsonObject? word)
    {
        var state = (string?)word?["state"];
        return word is null ? "is not known any more"
            : HasResult ? JsonNode.DeepEquals(Bare(Told), Bare(word)) ? null : $"was {Told.ToJsonString()} and is {word.ToJsonString()}"
            : _fixed.FirstOrDefault(f => !JsonNode.DeepEquals(Told[f], word[f])) is { } field ? $"has {field} {word[field]}, not {Told[field]}"
            : state is "waiting" or "sending" or "answered" || (state == "failed" && (string?)word["operation"] == "execute") ? null
            : $"is {state}: {word["reason"]}";
    }

    /// <summary>Takes what the server says now.</summary>
    public void Believe(JsonObject word) => Told = word;

    // Names and units are the object's as the device means it now: those of the result's day are not kept.
    private static JsonNode Bare(JsonObject word)
    {
        var bare = word.DeepClone();
        foreach (var value in bare["values"]?.AsArray() ?? [])
        {
            value!.AsObject().Remove("name");
            value.AsObject().Remove("units");
        }
        return bare;
    }
}
