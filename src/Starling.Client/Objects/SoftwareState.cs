namespace Starling.Client;

/// <summary>How far a software is (/9/x/7).</summary>
public enum SoftwareState
{
    /// <summary>There is none.</summary>
    Initial,
    /// <summary>A package is coming.</summary>
    DownloadStarted,
    /// <summary>A package is there.</summary>
    Downloaded,
    /// <summary>It has been checked and can be installed.</summary>
    Delivered,
    /// <summary>It is installed.</summary>
    Installed,
}
