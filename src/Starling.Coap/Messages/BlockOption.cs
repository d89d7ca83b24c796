namespace Starling.Coap;

/// <summary>
/// The value of Block1 and Block2 (RFC 7959 §2.2): number, more flag and size exponent.
/// <code>
///  0 1 2 3 4 5 6 7 … 23
/// |        NUM      |M| SZX |
/// </code>
/// </summary>
public readonly record struct BlockOption(uint Value)
{
    /// <summary>The size exponent that is reserved on datagrams (7: BERT, RFC 8323).</summary>
    public const int ReservedExponent = 7;

    /// <summary>The largest block number, 2^20 − 1.</summary>
    public const int MaxNumber = (1 << 20) - 1;

    /// <summary>Makes a block option.</summary>
    /// <param name="number">0 to <see cref="MaxNumber"/>.</param>
    /// <param name="more">Whether more blocks follow.</param>
    /// <param name="exponent">0 to 6 for sizes of 16 to 1024 bytes.</param>
    public BlockOption(int number, bool more, int exponent) : this(((uint)number << 4) | (more ? 8u : 0u) | (uint)exponent) { }

    /// <summary>The number of the block, from 0.</summary>
    public int Number => (int)(Value >> 4);

    /// <summary>More blocks follow.</summary>
    public bool More => (Value & 8) != 0;

    /// <summary>The size exponent, 0 to 7.</summary>
    public int Exponent => (int)(Value & 7);

    /// <summary>The size of a block in bytes: 16 to 1024.</summary>
    public int Size => 16 << Math.Min(Exponent, 6);

    /// <summary>The offset of the block's first byte in the body.</summary>
    public long Offset => (long)Number * Size;

    /// <summary>The exponent of the largest block of at most <paramref name="size"/> bytes; 0 for anything below 32.</summary>
    public static int ExponentFor(int size) => Math.Clamp(31 - System.Numerics.BitOperations.LeadingZeroCount((uint)Math.Max(size, 16) >> 4), 0, 6);

    /// <summary>As it is usually written: <c>3/1/512</c>.</summary>
    public override string ToString() => $"{Number}/{(More ? 1 : 0)}/{Size}";
}
