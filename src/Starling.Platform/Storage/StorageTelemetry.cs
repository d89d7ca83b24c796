using System.Diagnostics.Metrics;

namespace Starling.Platform;

/// <summary>The database's counters as instruments of the meter <c>Starling.Platform</c>.</summary>
internal sealed class StorageTelemetry : IDisposable
{
    private readonly Meter _meter = new("Starling.Platform");

    public StorageTelemetry(StorageTally tally, Func<int> waiting)
    {
        _meter.CreateObservableCounter("starling.storage.commits", () => tally.Commits, "{commit}", "Transactions that are safe.");
        _meter.CreateObservableCounter("starling.storage.changes", () => tally.Changes, "{change}", "Changes in them.");
        _meter.CreateObservableCounter("starling.storage.refused", () => tally.Refused, "{change}", "Changes refused because too many waited.");
        _meter.CreateObservableCounter("starling.storage.failures", () => tally.Failures, "{commit}", "Transactions that failed.");
        _meter.CreateObservableUpDownCounter("starling.storage.waiting", waiting, "{change}", "Changes that wait for a commit.");
    }

    public void Dispose() => _meter.Dispose();
}
