namespace Starling.Server;

/// <summary>How a device is told the attributes of an observation.</summary>
public enum AttributePlacement : byte
{
    /// <summary>
    /// In the request to devices that registered 1.2 or later, unless there is something to unset; else by Write-Attributes before it. A device that
    /// refuses the former with 4.00 or 4.02 gets the latter.
    /// </summary>
    Automatic,
    /// <summary>In the request: they count for this observation alone (LwM2M Core 1.2 §6.4.1).</summary>
    InRequest,
    /// <summary>By Write-Attributes to each path: they stay attached there (§6.3.4).</summary>
    Written,
}
