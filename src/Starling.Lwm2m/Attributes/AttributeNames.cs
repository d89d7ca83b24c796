namespace Starling.Lwm2m;

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
    /// <summary>gt, lt and st.</summary>
    ValueConditions = GreaterThan | LessThan | Step,
}
