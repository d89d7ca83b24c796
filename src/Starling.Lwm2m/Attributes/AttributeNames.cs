namespace Starling.Lwm2m;

/// <summary>The names of the notification attributes.</summary>
[Flags]
public enum AttributeNames : ushort
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
    /// <summary>epmin, since 1.1.</summary>
    MinimumEvaluationPeriod = 32,
    /// <summary>epmax, since 1.1.</summary>
    MaximumEvaluationPeriod = 64,
    /// <summary>edge, since 1.2.</summary>
    Edge = 128,
    /// <summary>con, since 1.2.</summary>
    Confirmable = 256,
    /// <summary>hqmax, since 1.2.</summary>
    HistoricalQueue = 512,
    /// <summary>gt, lt and st.</summary>
    ValueConditions = GreaterThan | LessThan | Step,
    /// <summary>What Observe-Composite may carry: pmin, pmax, epmin, epmax and con.</summary>
    Composite = MinimumPeriod | MaximumPeriod | MinimumEvaluationPeriod | MaximumEvaluationPeriod | Confirmable,
}
