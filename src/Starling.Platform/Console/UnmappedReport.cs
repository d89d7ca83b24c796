using System.Globalization;
using Starling.Server;

namespace Starling.Platform;

/// <summary>One thing that a device told and that has no place, as people read it.</summary>
/// <param name="At">When it came.</param>
/// <param name="Reason">Why it has no place.</param>
/// <param name="Values">Paths and values, one a line; of what cannot be read the first bytes.</param>
public sealed record UnmappedReport(DateTimeOffset At, string Reason, IReadOnlyList<string> Values)
{
    private const int MaxValues = 5;
    private const int MaxValue = 60;
    private const int MaxBytes = 32;

    /// <summary>The report of an event.</summary>
    public static UnmappedReport Of(DeviceEvent.Unmapped unmapped)
    {
        ArgumentNullException.ThrowIfNull(unmapped);
        var lines = unmapped.Records.Take(MaxValues).Select(r => $"{r.Path} = {SafeText.Line(LastValue.Write(r.Value), MaxValue)}").ToList();
        if (unmapped.Records.Count > MaxValues)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {unmapped.Records.Count - MaxValues} more"));
        }
        if (unmapped.Records.Count == 0 && unmapped.Raw.Length > 0)
        {
            var shown = unmapped.Raw.Span[..Math.Min(unmapped.Raw.Length, MaxBytes)];
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(shown)}{(unmapped.Raw.Length > MaxBytes ? " …" : "")} ({unmapped.Raw.Length} bytes)"));
        }
        return new UnmappedReport(unmapped.At, SafeText.Line(unmapped.Cause ?? "", 300), lines);
    }
}
