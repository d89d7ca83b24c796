namespace Starling.Coap;

/// <summary>One option as it stands in a message: its number and a view of its value.</summary>
public readonly ref struct CoapOption(OptionNumber number, ReadOnlySpan<byte> value)
{
    /// <summary>The number.</summary>
    public OptionNumber Number { get; } = number;

    /// <summary>The value's bytes.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>The value as an unsigned integer (RFC 7252 §3.2): up to 4 bytes, more significant ones first. Longer values give their last 4 bytes.</summary>
    public uint UInt => ReadUInt(Value);

    internal static uint ReadUInt(ReadOnlySpan<byte> value)
    {
        uint number = 0;
        foreach (var b in value)
        {
            number = (number << 8) | b;
        }
        return number;
    }

    /// <summary>Writes the shortest form; zero is no byte at all.</summary>
    internal static int WriteUInt(uint value, Span<byte> destination)
    {
        var length = value == 0 ? 0 : value < 1u << 8 ? 1 : value < 1u << 16 ? 2 : value < 1u << 24 ? 3 : 4;
        for (var i = length - 1; i >= 0; i--)
        {
            destination[i] = (byte)value;
            value >>= 8;
        }
        return length;
    }
}
