namespace Starling.Lwm2m;

/// <summary>The notification attributes of LwM2M 1.0 (Core 1.2 §7.3): what is null is not set. Immutable.</summary>
public sealed record NotificationAttributes
{
    /// <summary>No attribute at all.</summary>
    public static NotificationAttributes None { get; } = new();

    /// <summary>pmin: seconds at least between notifications.</summary>
    public long? MinimumPeriod { get; init; }
    /// <summary>pmax: seconds at most between notifications; 0 is none.</summary>
    public long? MaximumPeriod { get; init; }
    /// <summary>gt: a threshold.</summary>
    public double? GreaterThan { get; init; }
    /// <summary>lt: a threshold.</summary>
    public double? LessThan { get; init; }
    /// <summary>st: the least change.</summary>
    public double? Step { get; init; }

    /// <summary>Attributes that are to be unset: those that came without a value (<c>?pmin</c>).</summary>
    public AttributeNames Unset { get; init; }
}

/// <summary>The names of the notification attributes.</summary>
[Flags]
public enum AttributeNames : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>pmin.</summary>
    MinimumPeriod = 1,
    /// <summary>pmax.</summary>
    MaximumPeriod = 2,
    /// <summary>gt.</summary>
    GreaterThan = 4,
    /// <summary>lt.</summary>
    LessThan = 8,
    /// <summary>st.</summary>
    Step = 16,
}
