using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Starling.Survival.Tests;

/// <summary>What a device believes that the server knows. What it cannot know yet is null: a location or an observation's id that was never answered.</summary>
/// <param name="IsRegistered">Whether it is registered.</param>
/// <param name="Id">The registration's id.</param>
/// <param name="Lifetime">Its lifetime.</param>
/// <param name="Objects">Its objects and instances, in the order of the tree.</param>
/// <param name="HeardAt">When the last word that was acknowledged was said: the server has heard it no earlier.</param>
/// <param name="Observed">The ids of its observations by path.</param>
/// <param name="Sent">The last value that it sent since it registered; null for none.</param>
internal sealed record Belief(
    bool IsRegistered, string? Id, int Lifetime, string Objects, DateTimeOffset HeardAt, ImmutableSortedDictionary<string, string?> Observed, long? Sent = null)
{
    // The server counts in milliseconds from its start, and reads the time of day anew now and then. Devices speak less often than this.
    private static readonly TimeSpan _grain = TimeSpan.FromMilliseconds(10);

    public static Belief None { get; } = new(false, null, 0, "", default, ImmutableSortedDictionary<string, string?>.Empty);

    /// <summary>How the server's word differs; null when it does not. A null word is that it does not know the device.</summary>
    public string? Differs(JsonObject? word)
    {
        if (word is null || !IsRegistered)
        {
            return (word is not null) == IsRegistered ? null : IsRegistered ? "is not registered any more" : "is registered though it de-registered";
        }
        var known = From(word);
        return Id is not null && Id != known.Id ? $"has registration {known.Id}, not {Id}"
            : Lifetime != known.Lifetime ? $"has lifetime {known.Lifetime}, not {Lifetime}"
            : Objects != known.Objects ? $"has objects {known.Objects}, not {Objects}"
            : HeardAt - _grain > known.HeardAt ? $"was heard at {known.HeardAt:O}, not at {HeardAt:O}"
            : !Observed.Keys.SequenceEqual(known.Observed.Keys) ? $"is observed at {string.Join(' ', known.Observed.Keys)}, not at {string.Join(' ', Observed.Keys)}"
            : Observed.FirstOrDefault(o => o.Value is not null && o.Value != known.Observed[o.Key]) is { Key: { } path } ? $"has another observation of {path}"
            : Sent is not null && Sent != known.Sent ? $"has sent {Sent}, and {known.Sent?.ToString(CultureInfo.InvariantCulture) ?? "nothing"} is known"
            : null;
    }

    /// <summary>This belief with what the server's word adds.</summary>
    public Belief Confirmed(JsonObject? word) => word is null ? this : From(word) with { HeardAt = HeardAt, Sent = Sent };

    private static Belief From(JsonObject word) => new(
        true, (string)word["registrationId"]!, (int)word["lifetime"]!, string.Join(' ', word["objects"]!.AsArray().Select(o => (string)o!["path"]!)),
        DateTimeOffset.Parse((string)word["updatedAt"]!, CultureInfo.InvariantCulture),
        word["observations"]!.AsArray().ToImmutableSortedDictionary(o => (string)o!["path"]!, o => (string?)o!["id"]),
        (long?)word["sent"]);
}
