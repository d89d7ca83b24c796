using Starling.Server;

namespace Starling.Platform;

/// <summary>A page of the device list.</summary>
/// <param name="Rows">The devices.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Page">This page, counted from 1.</param>
/// <param name="Pages">How many pages there are.</param>
/// <param name="Unsorted">Whether there are too many to be sorted: then they are in the order of their names, character by character.</param>
public sealed record DeviceList(IReadOnlyList<DeviceRow> Rows, int Total, int Page, int Pages, bool Unsorted)
{
    /// <summary>How many devices are sorted at most.</summary>
    public const int MaxSorted = 100_000;
}

/// <summary>A device of the list.</summary>
public sealed record DeviceRow(DeviceSession Device, Registration Registration)
{
    /// <summary>The device as it is now.</summary>
    public static DeviceRow Of(DeviceSession device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return new DeviceRow(device, device.Registration);
    }
}
