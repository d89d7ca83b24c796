namespace Starling.Client;

/// <summary>How far an update of firmware is (/5/0/3).</summary>
public enum FirmwareState
{
    /// <summary>There is no image.</summary>
    Idle,
    /// <summary>An image is coming.</summary>
    Downloading,
    /// <summary>An image is there and has been checked.</summary>
    Downloaded,
    /// <summary>The image is being installed.</summary>
    Updating,
}

/// <summary>How an update of firmware ended (/5/0/5).</summary>
public enum FirmwareResult
{
    /// <summary>Nothing has ended yet.</summary>
    Initial,
    /// <summary>The new firmware runs.</summary>
    Success,
    /// <summary>The image does not fit into the storage.</summary>
    NoSpace,
    /// <summary>The memory did not suffice.</summary>
    OutOfMemory,
    /// <summary>The connection was lost while the image came.</summary>
    ConnectionLost,
    /// <summary>The image is not what its maker made.</summary>
    IntegrityFailed,
    /// <summary>It is no image for this device.</summary>
    UnsupportedType,
    /// <summary>The URI is none, or nothing is there.</summary>
    InvalidUri,
    /// <summary>The image could not be installed.</summary>
    UpdateFailed,
    /// <summary>The URI's scheme names a protocol that the device does not have.</summary>
    UnsupportedProtocol,
    /// <summary>A server has cancelled it.</summary>
    Cancelled,
    /// <summary>The device has put the update off.</summary>
    Deferred,
    /// <summary>Another part of the device does not allow it (object 33629).</summary>
    Conflict,
    /// <summary>It needs another part of the device to be updated first or with it (object 33629).</summary>
    DependencyError,
}
