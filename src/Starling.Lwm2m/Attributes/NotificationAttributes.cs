namespace Starling.Lwm2m;

/// <summary>The notification attributes (LwM2M Core 1.2 §7.3): what is null is not set. Immutable.</summary>
/// <remarks>Each server has its own set on each path (§7.3.2).</remarks>
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
    /// <summary>epmin: seconds at least between two looks at the value.</summary>
    public long? MinimumEvaluationPeriod { get; init; }
    /// <summary>epmax: seconds at most between two looks at the value; 0 is none.</summary>
    public long? MaximumEvaluationPeriod { get; init; }
    /// <summary>edge: a truth is only told when it becomes this: true is rising, false is falling.</summary>
    public bool? Edge { get; init; }
    /// <summary>con: whether notifications are confirmable; false leaves it to the device.</summary>
    public bool? Confirmable { get; init; }
    /// <summary>hqmax: how many values are kept while the server cannot be reached.</summary>
    public long? HistoricalQueue { get; init; }

    /// <summary>Attributes that are to be unset: those that came without a value (<c>?pmin</c>).</summary>
    public AttributeNames Unset { get; init; }

    /// <summary>The attributes that have a value.</summary>
    public AttributeNames Names =>
        (MinimumPeriod is null ? 0 : AttributeNames.MinimumPeriod)
        | (MaximumPeriod is null ? 0 : AttributeNames.MaximumPeriod)
        | (GreaterThan is null ? 0 : AttributeNames.GreaterThan)
        | (LessThan is null ? 0 : AttributeNames.LessThan)
        | (Step is null ? 0 : AttributeNames.Step)
        | (MinimumEvaluationPeriod is null ? 0 : AttributeNames.MinimumEvaluationPeriod)
        | (MaximumEvaluationPeriod is null ? 0 : AttributeNames.MaximumEvaluationPeriod)
        | (Edge is null ? 0 : AttributeNames.Edge)
        | (Confirmable is null ? 0 : AttributeNames.Confirmable)
        | (HistoricalQueue is null ? 0 : AttributeNames.HistoricalQueue);

    /// <summary>Whether nothing is set and nothing is to be unset.</summary>
    public bool IsEmpty => Names == AttributeNames.None && Unset == AttributeNames.None;

    /// <summary>Whether one of gt, lt and st is set: then a number is only told when a condition is met.</summary>
    public bool HasValueCondition => (Names & AttributeNames.ValueConditions) != 0;

    /// <summary>pmax where it counts: null when it is absent, 0, or less than pmin, which makes it void (LwM2M Core 1.2 §7.3).</summary>
    public long? EffectiveMaximumPeriod => MaximumPeriod is { } pmax and > 0 && pmax >= (MinimumPeriod ?? 0) ? pmax : null;

    /// <summary>What is attached after a Write-Attributes: what the request sets or unsets changes, the rest stays (§6.3.4).</summary>
    public NotificationAttributes Apply(NotificationAttributes request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (request with { Unset = AttributeNames.None }).InheritFrom(Without(request.Unset));
    }

    /// <summary>These attributes, without the ones named.</summary>
    public NotificationAttributes Without(AttributeNames names) => this with
    {
        MinimumPeriod = Keep(MinimumPeriod, names, AttributeNames.MinimumPeriod),
        MaximumPeriod = Keep(MaximumPeriod, names, AttributeNames.MaximumPeriod),
        GreaterThan = Keep(GreaterThan, names, AttributeNames.GreaterThan),
        LessThan = Keep(LessThan, names, AttributeNames.LessThan),
        Step = Keep(Step, names, AttributeNames.Step),
        MinimumEvaluationPeriod = Keep(MinimumEvaluationPeriod, names, AttributeNames.MinimumEvaluationPeriod),
        MaximumEvaluationPeriod = Keep(MaximumEvaluationPeriod, names, AttributeNames.MaximumEvaluationPeriod),
        Edge = Keep(Edge, names, AttributeNames.Edge),
        Confirmable = Keep(Confirmable, names, AttributeNames.Confirmable),
        HistoricalQueue = Keep(HistoricalQueue, names, AttributeNames.HistoricalQueue),
    };

    /// <summary>These attributes with what they lack taken from the level above: resource instance, resource, instance, object, server (§7.3.2).</summary>
    public NotificationAttributes InheritFrom(NotificationAttributes above)
    {
        ArgumentNullException.ThrowIfNull(above);
        return above.Names == AttributeNames.None ? this : this with
        {
            MinimumPeriod = MinimumPeriod ?? above.MinimumPeriod,
            MaximumPeriod = MaximumPeriod ?? above.MaximumPeriod,
            GreaterThan = GreaterThan ?? above.GreaterThan,
            LessThan = LessThan ?? above.LessThan,
            Step = Step ?? above.Step,
            MinimumEvaluationPeriod = MinimumEvaluationPeriod ?? above.MinimumEvaluationPeriod,
            MaximumEvaluationPeriod = MaximumEvaluationPeriod ?? above.MaximumEvaluationPeriod,
            Edge = Edge ?? above.Edge,
            Confirmable = Confirmable ?? above.Confirmable,
            HistoricalQueue = HistoricalQueue ?? above.HistoricalQueue,
        };
    }

    /// <summary>Whether these attributes agree with each other: st &gt; 0, lt &lt; gt, lt + 2·st &lt; gt, epmin &lt; epmax (§7.3). To be asked of the set that would be attached.</summary>
    /// <returns>Null when they do, else what is wrong, in words: an answer of 4.00.</returns>
    public string? Conflict()
    {
        if (Step is { } step and not > 0)
        {
            return $"st={AttributeQuery.Plain(step)} must be greater than 0";
        }
        if (MinimumEvaluationPeriod is { } epmin && MaximumEvaluationPeriod is { } epmax && epmin >= epmax)
        {
            return $"epmin={epmin} must be less than epmax={epmax}";
        }
        if (GreaterThan is not { } greater || LessThan is not { } less)
        {
            return null;
        }
        if (less >= greater)
        {
            return $"lt={AttributeQuery.Plain(less)} must be less than gt={AttributeQuery.Plain(greater)}";
        }
        return Step is { } width && less + (2 * width) >= greater ? "lt + 2·st must be less than gt" : null;
    }

    /// <summary>
    /// Whether these attributes can be attached to a path: gt, lt and st only where one number is, edge only where one truth is (§7.3).
    /// </summary>
    /// <param name="path">Where to.</param>
    /// <param name="resource">The definition of the resource there; null when there is none or it is not known.</param>
    /// <returns>Null when they can, else why not, in words: an answer of 4.00.</returns>
    public string? Misplaced(Lwm2mPath path, ResourceDefinition? resource)
    {
        var names = (Names | Unset) & (AttributeNames.ValueConditions | AttributeNames.Edge);
        if (names == AttributeNames.None)
        {
            return null;
        }
        if (path.Depth < 3)
        {
            return $"gt, lt, st and edge belong to resources, and {path} is none";
        }
        if ((names & AttributeNames.ValueConditions) != 0
            && resource is { Type: not (ValueKind.Integer or ValueKind.Unsigned or ValueKind.Float or ValueKind.Time) })
        {
            return $"gt, lt and st belong to numbers, and {path} is {resource.Type}";
        }
        return (names & AttributeNames.Edge) != 0 && resource is { Type: not ValueKind.Boolean }
            ? $"edge belongs to truths, and {path} is {resource.Type}"
            : null;
    }

    private static T? Keep<T>(T? value, AttributeNames names, AttributeNames name) where T : struct => (names & name) != 0 ? null : value;
}
