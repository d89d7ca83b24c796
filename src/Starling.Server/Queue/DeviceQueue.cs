namespace Starling.Server;

/// <summary>What waits for one device, in order. Under the queue's lock.</summary>
internal sealed class DeviceQueue
{
    public List<QueueEntry> Entries { get; } = [];

    /// <summary>Whether somebody sends them, one after the other.</summary>
    public bool IsRunning { get; set; }
}
