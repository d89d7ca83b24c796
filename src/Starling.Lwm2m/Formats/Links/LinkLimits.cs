namespace Starling.Lwm2m;

/// <summary>How much a list in CoRE link format may hold. A list beyond is refused as a whole.</summary>
public sealed record LinkLimits
{
    /// <summary>The limits that hold where none are given.</summary>
    public static LinkLimits Standard { get; } = new();

    /// <summary>The longest list, in bytes; 65 536 by default.</summary>
    public int MaxBytes { get; init; } = 65_536;

    /// <summary>The most links; 4096 by default.</summary>
    public int MaxLinks { get; init; } = 4096;

    /// <summary>The most attributes of one link; 32 by default.</summary>
    public int MaxAttributes { get; init; } = 32;

    /// <summary>How many formats of the root link (<c>ct</c>) are looked at; 32 by default. What is beyond is left aside.</summary>
    public int MaxFormats { get; init; } = 32;

    /// <summary>The longest alternate path of a registration, in bytes; 128 by default. It stands in front of every path that is sent to the device.</summary>
    public int MaxRootBytes { get; init; } = 128;
}
