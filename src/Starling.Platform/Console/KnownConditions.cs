using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>Attributes of one path, as far as they are known.</summary>
/// <param name="Attributes">The attributes.</param>
/// <param name="At">When they were so.</param>
/// <param name="IsComplete">Whether Discover has told all of them; otherwise there may be more than what was written here.</param>
public sealed record KnownConditions(NotificationAttributes Attributes, DateTimeOffset At, bool IsComplete);
