using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Whether new values are worth a notification (LwM2M Core 1.2 §7.3, evaluation of gt, lt and st).</summary>
internal static class Condition
{
    /// <param name="attributes">What counts at the observed path.</param>
    /// <param name="path">The observed path.</param>
    /// <param name="last">What was told last.</param>
    /// <param name="current">What is there now.</param>
    public static bool IsMet(NotificationAttributes attributes, Lwm2mPath path, RecordSet last, RecordSet current)
    {
        if (last.Count != current.Count)
        {
            return true;
        }
        var onValues = attributes.HasValueCondition && path.Depth >= 3;
        for (var i = 0; i < current.Count; i++)
        {
            if (last[i].Path != current[i].Path || (onValues ? IsMet(attributes, last[i].Value, current[i].Value) : last[i].Value != current[i].Value))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsMet(NotificationAttributes attributes, Lwm2mValue last, Lwm2mValue current)
    {
        if (!last.IsNumeric || !current.IsNumeric)
        {
            return last != current;
        }
        var (before, now) = (last.AsFloat(), current.AsFloat());
        return (attributes.GreaterThan is { } gt && before > gt != now > gt)
            || (attributes.LessThan is { } lt && before < lt != now < lt)
            || (attributes.Step is { } st && Math.Abs(now - before) >= st);
    }
}
