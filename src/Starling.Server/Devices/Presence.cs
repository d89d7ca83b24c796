namespace Starling.Server;

/// <summary>Whether a device listens, as far as anybody can know, and why that is thought (LwM2M Core 1.2 §6.5).</summary>
/// <param name="IsAwake">Whether it is thought to listen.</param>
/// <param name="Reason">Why, in words without times.</param>
/// <param name="HeardAt">When it was last heard from.</param>
/// <param name="Until">
/// While it is awake: when its awake window ends. While it is asleep: when it has to be heard from at the latest. Null where that is never.
/// </param>
public sealed record Presence(bool IsAwake, string Reason, DateTimeOffset HeardAt, DateTimeOffset? Until);
