using System.Security.Cryptography;

namespace Starling.Testing;

/// <summary>Chance that is the same each time, so that a run does the same each time. Whatever is made of it is no secret.</summary>
/// <param name="seed">What all of it comes from.</param>
public sealed class SeededChance(int seed) : RandomNumberGenerator
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    /// <inheritdoc/>
    public override void GetBytes(byte[] data) => GetBytes(data.AsSpan());

    /// <inheritdoc/>
    public override void GetBytes(Span<byte> data)
    {
        lock (_lock)
        {
            _random.NextBytes(data);
        }
    }
}
