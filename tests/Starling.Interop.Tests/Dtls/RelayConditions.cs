namespace Starling.Interop.Tests;

/// <summary>What a <see cref="Relay"/> does to datagrams, by a seed: the same datagrams meet the same fate.</summary>
/// <param name="Seed">Chance.</param>
/// <param name="Drop">The part that is lost, 0 to 1.</param>
/// <param name="Repeat">The part that arrives twice.</param>
/// <param name="Swap">The part that arrives after its successor.</param>
/// <param name="MaxLosses">How many may be lost or wait for a successor, each way: what is lost costs the peers' real time.</param>
internal sealed record RelayConditions(int Seed, double Drop, double Repeat, double Swap, int MaxLosses)
{
    /// <summary>Nothing happens to anything.</summary>
    public static RelayConditions Calm { get; } = new(0, 0, 0, 0, 0);

    /// <summary>Bad, yet over after some seconds.</summary>
    public static RelayConditions Rough(int seed) => new(seed, 0.3, 0.2, 0.2, 2);
}
