namespace Starling.Server;

/// <summary>What waits for one device, in order, and what came of what did. Under the queue's lock.</summary>
internal sealed class DeviceQueue
{
    /// <summary>What has no result yet, in the order in which it is sent.</summary>
    public List<QueueEntry> Entries { get; } = [];

    /// <summary>What has one, in the order in which they came: the order in which they are forgotten.</summary>
    public Queue<QueueEntry> Results { get; } = [];

    /// <summary>Whether somebody sends them, one after the other.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Whether nothing has to be known of the device any more.</summary>
    public bool IsIdle => Entries.Count == 0 && Results.Count == 0 && !IsRunning;
}
