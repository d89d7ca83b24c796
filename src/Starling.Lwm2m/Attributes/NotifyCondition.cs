namespace Starling.Lwm2m;

/// <summary>
/// When one observation is to be notified (LwM2M Core 1.2 §7.3): what was told last and when, and whether something is waiting for pmin.
/// It has neither clock nor timer: its owner says what time it is, tells it of changes, and comes back when <see cref="Due"/> says. Not thread-safe.
/// </summary>
/// <remarks>Attributes are told at each call: they may change while an observation lives.</remarks>
/// <param name="path">What is observed. gt, lt and st count where it is a resource or a resource instance.</param>
public sealed class NotifyCondition(Lwm2mPath path)
{
    /// <summary>What was told last, with the answer to Observe as the first notification.</summary>
    public RecordSet Last { get; private set; } = RecordSet.None;

    /// <summary>When that was, on the owner's clock.</summary>
    public TimeSpan LastAt { get; private set; }

    /// <summary>Whether a condition was met since: the next notification goes as soon as pmin lets it, with the values of then.</summary>
    public bool IsPending { get; private set; }

    /// <summary>These values have been told: the periods begin anew, and thresholds count from here.</summary>
    public void Told(RecordSet values, TimeSpan now)
    {
        Last = values;
        LastAt = now;
        IsPending = false;
    }

    /// <summary>Something changed: looks whether it is worth telling. What was found so once stays so until it is told, even if the value goes back.</summary>
    public void Changed(NotificationAttributes attributes, RecordSet current)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentNullException.ThrowIfNull(current);
        IsPending = IsPending || IsMet(attributes, current);
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
        var onValues = attributes.HasValueCondition && path.Depth >= 3;
        for (var i = 0; i < current.Count; i++)
        {
            var (before, now) = (Last[i], current[i]);
            if (before.Path != now.Path || (onValues ? IsMet(attributes, before.Value, now.Value) : before.Value != now.Value))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>gt or lt is crossed, in either direction, or the step is reached: one is enough. What is no number is told on any change.</summary>
    private static bool IsMet(NotificationAttributes attributes, Lwm2mValue last, Lwm2mValue current)
    {
        if (!last.IsNumeric || !current.IsNumeric)
        {
            return last != current;
        }
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
