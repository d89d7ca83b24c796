namespace Starling.Client;

/// <summary>Why a package could not be fetched, kept or installed. Objects tell it as a number of their own.</summary>
public enum PackageProblem
{
    /// <summary>It does not fit into the storage.</summary>
    NoSpace,
    /// <summary>The memory does not suffice to take it.</summary>
    OutOfMemory,
    /// <summary>The connection was lost while it came.</summary>
    ConnectionLost,
    /// <summary>It is not what its maker made: its digest is wrong, or a part is missing.</summary>
    Integrity,
    /// <summary>It is no package for this device.</summary>
    UnsupportedType,
    /// <summary>The URI is none, or nothing is there.</summary>
    InvalidUri,
    /// <summary>It could not be installed.</summary>
    InstallFailed,
    /// <summary>The URI's scheme names a protocol that the device does not have.</summary>
    UnsupportedProtocol,
    /// <summary>Another part of the device is in a state that does not allow it.</summary>
    Conflict,
    /// <summary>It needs another part of the device to be updated first or with it.</summary>
    Dependency,
}
