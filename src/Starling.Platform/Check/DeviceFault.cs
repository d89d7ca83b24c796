namespace Starling.Platform;

/// <summary>What can be made to go wrong on a device that takes a package.</summary>
internal enum DeviceFault
{
    /// <summary>The flash memory does not hold it.</summary>
    NoSpace,
    /// <summary>The memory does not suffice to take it.</summary>
    NoMemory,
    /// <summary>It cannot be installed.</summary>
    InstallFails,
}
