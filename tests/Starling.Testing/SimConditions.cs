namespace Starling.Testing;

/// <summary>What a network does to datagrams. Immutable; swap it while a test runs to let the weather change.</summary>
public sealed record SimConditions
{
    /// <summary>Everything arrives, once, in order, after 10 ms.</summary>
    public static SimConditions Perfect { get; } = new();

    /// <summary>A bad radio link: a fifth lost, a tenth doubled, delays from 10 ms to 400 ms, which reorders.</summary>
    public static SimConditions Rough { get; } = new() { Loss = 0.2, Duplication = 0.1, Jitter = TimeSpan.FromMilliseconds(390) };

    /// <summary>The share of datagrams that are lost: 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>The share of datagrams of which a second copy arrives: 0 to 1.</summary>
    public double Duplication { get; init; }

    /// <summary>The share of datagrams that are held back by <see cref="ReorderDelay"/>, so that later ones overtake them: 0 to 1.</summary>
    public double Reordering { get; init; }

    /// <summary>What a datagram takes at least: 10 ms.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>What it may take beyond that, evenly spread: none. More than the time between two datagrams reorders them.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How long a datagram is held back that is to be overtaken: 100 ms.</summary>
    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(100);
}
