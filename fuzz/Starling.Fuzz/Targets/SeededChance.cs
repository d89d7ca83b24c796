using System.Security.Cryptography;

namespace Starling.Fuzz.Targets;

/// <summary>Chance that is the same each time, so that an input does the same each time.</summary>
internal sealed class SeededChance(int seed) : RandomNumberGenerator
{
    private readonly Random _random = new(seed);

    public override void GetBytes(byte[] data) => _random.NextBytes(data);

    public override void GetBytes(Span<byte> data) => _random.NextBytes(data);
}
