using Starling.Fuzz;

namespace Starling.Fuzz.Tests;

/// <summary>A parser with a fault that the test chooses.</summary>
internal sealed class PlantedTarget(Func<byte[], int> parse, params byte[][] seeds) : FuzzTarget
{
    public override string Name => "planted";

    public override int MaxLength => 64;

    public override IEnumerable<byte[]> Seeds => seeds;

    public override IReadOnlyList<byte[]> Dictionary => [[0xca, 0xfe]];

    public override long AllocationLimit(int length) => 20_000;

    public override int Run(ReadOnlySpan<byte> input) => parse(input.ToArray());
}
