namespace Starling.Server;

/// <summary>What has been fetched so far, as it stood at one moment.</summary>
public readonly record struct OfferedFilesCounters
{
    /// <summary>Transfers begun, or taken up again.</summary>
    public long Fetches { get; init; }
    /// <summary>Bytes that were read for devices, repetitions with them.</summary>
    public long Bytes { get; init; }
    /// <summary>Requests refused: for no file, with another method, or for another content format.</summary>
    public long Refusals { get; init; }
    /// <summary>Blocks of files that were another one by then, or could not be read.</summary>
    public long Losses { get; init; }
}
