namespace Starling.Server;

/// <summary>The counters of files while they count.</summary>
internal sealed class FileTally
{
    public Tally Fetches { get; } = new();
    public Tally Bytes { get; } = new();
    public Tally Refusals { get; } = new();
    public Tally Losses { get; } = new();

    public OfferedFilesCounters Read() => new() { Fetches = Fetches.Count, Bytes = Bytes.Count, Refusals = Refusals.Count, Losses = Losses.Count };
}
