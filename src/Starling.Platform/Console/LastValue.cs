using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>What is known of a resource.</summary>
/// <param name="Text">The value as people write it; cut where it is long.</param>
/// <param name="Kind">Its type.</param>
/// <param name="At">When it was so: the device's own time where it told one.</param>
/// <param name="Source">How it is known.</param>
public sealed record LastValue(string Text, ValueKind Kind, DateTimeOffset At, ValueSource Source)
{
    private const int MaxText = 4096;

    /// <summary>A value from a record.</summary>
    public static LastValue Of(in Lwm2mRecord record, ValueSource source, DateTimeOffset now) =>
        new(Write(record.Value), record.Value.Kind, record.Time ?? now, source);

    /// <summary>A value as text, cut where it is long.</summary>
    public static string Write(Lwm2mValue value)
    {
        if (value.Kind == ValueKind.Opaque)
        {
            var bytes = value.AsOpaque();
            return bytes.Length * 2 <= MaxText ? Convert.ToHexStringLower(bytes.Span) : $"{Convert.ToHexStringLower(bytes.Span[..64])} … ({bytes.Length} bytes)";
        }
        return SafeText.Line(value.ToString(), MaxText);
    }
}

/// <summary>How a value is known.</summary>
public enum ValueSource
{
    /// <summary>The device was asked.</summary>
    Read,
    /// <summary>The device told it because it is observed.</summary>
    Reported,
    /// <summary>It was written, and the device took it.</summary>
    Written,
    /// <summary>The device sent it unasked, and not because it was observed.</summary>
    Sent,
}
