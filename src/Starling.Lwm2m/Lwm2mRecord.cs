namespace Starling.Lwm2m;

/// <summary>One value at one path, with its time where the sender told one. Every content format is lists of these.</summary>
/// <param name="Path">A resource or a resource instance; a shorter path with <see cref="ValueKind.Empty"/> is a container without members.</param>
/// <param name="Value">The value.</param>
/// <param name="Time">When the value was taken; null is now.</param>
public readonly record struct Lwm2mRecord(Lwm2mPath Path, Lwm2mValue Value, DateTimeOffset? Time = null);
