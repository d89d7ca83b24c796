namespace Starling.Lwm2m;

/// <summary>
/// When one observation is to be notified (LwM2M Core 1.2 §7.3): what was told last and when, and whether something is waiting for pmin.
/// It has neither clock nor timer: its owner says what time it is, looks at the values when <see cref="NextLook"/> says, and notifies when
/// <see cref="Due"/> says. Not thread-safe.
/// </summary>
/// <remarks>Attributes are told at each call: they may change while an observation lives.</remarks>
/// <param name="path">What is observed. gt, lt, st and edge count where it is a resource or a resource instance.</param>
public sealed class NotifyCondition(Lwm2mPath path)
{
    private RecordSet? _seen;   // what the last look saw, where it may differ from what was told: an edge counts from there

    /// <summary>What was told last, with the answer to Observe as the first notification.</summary>
    public RecordSet Last { get; private set; } = RecordSet.None;

    /// <summary>When that was, on the owner's clock.</summary>
    public TimeSpan LastAt { get; private set; }

    /// <summary>Whether a condition was met since: the next notification goes as soon as pmin lets it, with the values of then.</summary>
    public bool IsPending { get; private set; }

    /// <summary>When the values were looked at last, on the owner's clock; null for never.</summary>
    public TimeSpan? LookedAt { get; private set; }

    /// <summary>These values have been told: the periods begin anew, and thresholds count from here. The first time counts as a look too.</summary>
    public void Told(RecordSet values, TimeSpan now)
    {
        Last = values;
        LastAt = now;
        LookedAt ??= now;
        IsPending = false;
        _seen = null;
    }

    /// <summary>
    /// When the values are to be looked at: at once when they may have changed, but not within epmin of the last look; after epmax in any case.
    /// <see cref="TimeSpan.MaxValue"/> for never, as while a notification is pending: it will tell the values of then.
    /// </summary>
    /// <param name="attributes">What counts.</param>
    /// <param name="hasChanged">Whether the values may have changed since the last look.</param>
    public TimeSpan NextLook(NotificationAttributes attributes, bool hasChanged)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        var last = LookedAt ?? TimeSpan.Zero;
        return IsPending ? TimeSpan.MaxValue
            : hasChanged ? last + TimeSpan.FromSeconds(attributes.MinimumEvaluationPeriod ?? 0)
            : attributes.MaximumEvaluationPeriod is { } epmax and > 0 ? last + TimeSpan.FromSeconds(epmax)
            : TimeSpan.MaxValue;
    }

    /// <summary>Looks whether the values are worth telling. What was found so once stays so until it is told, even if the value goes back.</summary>
    /// <param name="attributes">What counts.</param>
    /// <param name="current">The values.</param>
    /// <param name="now">The owner's clock.</param>
    public void Look(NotificationAttributes attributes, RecordSet current, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentNullException.ThrowIfNull(current);
        LookedAt = now;
        IsPending = IsPending || IsMet(attributes, current);
        _seen = attributes.Edge is null ? null : current;
    }

    /// <summary>Tell again as soon as pmin lets it, whatever the values: the last notification was lost on the way out.</summary>
    public void Repeat() => IsPending = true;

    /// <summary>When the next notification is due if nothing changes meanwhile; <see cref="TimeSpan.MaxValue"/> for never. A time that has come is due now.</summary>
    public TimeSpan Due(NotificationAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return IsPending ? LastAt + TimeSpan.FromSeconds(attributes.MinimumPeriod ?? 0)
            : attributes.EffectiveMaximumPeriod is { } pmax ? LastAt + TimeSpan.FromSeconds(pmax)
            : TimeSpan.MaxValue;
    }

    private bool IsMet(NotificationAttributes attributes, RecordSet current)
    {
        if (Last.Count != current.Count)
        {
            return true;
        }
        for (var i = 0; i < current.Count; i++)
        {
            if (Last[i].Path != current[i].Path || IsMet(attributes, Last[i].Value, (_seen ?? Last)[i].Value, current[i].Value))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A number with conditions on it, a truth with an edge; anything else is worth telling on any change.</summary>
    private bool IsMet(NotificationAttributes attributes, Lwm2mValue last, Lwm2mValue seen, Lwm2mValue current) =>
        path.Depth < 3 ? last != current
        : attributes.HasValueCondition && last.IsNumeric && current.IsNumeric ? IsMet(attributes, last, current)
        : attributes.Edge is { } edge && current.Kind == ValueKind.Boolean ? seen != current && current.AsBoolean() == edge
        : last != current;

    /// <summary>gt or lt is crossed, in either direction, or the step is reached: one is enough.</summary>
    private static bool IsMet(NotificationAttributes attributes, Lwm2mValue last, Lwm2mValue current)
    {
        var (before, now) = (last.AsFloat(), current.AsFloat());
        return (attributes.GreaterThan is { } gt && before > gt != now > gt)
            || (attributes.LessThan is { } lt && before < lt != now < lt)
            || (attributes.Step is { } step && Distance(last, current) >= step);
    }

    /// <summary>Whole numbers are subtracted as such: beyond 2^53 neighbours are the same as doubles.</summary>
    private static double Distance(Lwm2mValue a, Lwm2mValue b) => a.Kind == ValueKind.Float || b.Kind == ValueKind.Float
        ? Math.Abs(a.AsFloat() - b.AsFloat())
        : (double)Int128.Abs(Whole(a) - Whole(b));

    private static Int128 Whole(Lwm2mValue value) => value.Kind == ValueKind.Unsigned ? value.AsUnsigned() : value.AsInteger();
}
