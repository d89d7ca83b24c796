using System.Buffers.Binary;

namespace Starling.Dtls;

/// <summary>Writes the presentation language of TLS (RFC 5246 §4) into a span whose size the caller has reckoned.</summary>
internal ref struct TlsWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _length;

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _destination[.._length];

    public void Byte(byte value) => _destination[_length++] = value;

    public void UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_length..], (ushort)value);
        _length += 2;
    }

    /// <summary>The lowest bytes of a number, as many as are said.</summary>
    public void UInt64(ulong value, int size)
    {
        for (var shift = 8 * (size - 1); shift >= 0; shift -= 8)
        {
            Byte((byte)(value >> shift));
        }
    }

    public void UInt24(int value)
    {
        Byte((byte)(value >> 16));
        UInt16(value & 0xffff);
    }

    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[_length..]);
        _length += value.Length;
    }

    public void Vector8(scoped ReadOnlySpan<byte> value)
    {
        Byte((byte)value.Length);
        Bytes(value);
    }

    public void Vector16(scoped ReadOnlySpan<byte> value)
    {
        UInt16(value.Length);
        Bytes(value);
    }

    public void Vector24(scoped ReadOnlySpan<byte> value)
    {
        UInt24(value.Length);
        Bytes(value);
    }

    /// <summary>Leaves room for a length of two bytes; <see cref="End16"/> fills it in.</summary>
    public int Begin16()
    {
        UInt16(0);
        return _length;
    }

    /// <summary>Fills in the length of what was written since <see cref="Begin16"/>.</summary>
    public readonly void End16(int begin) => BinaryPrimitives.WriteUInt16BigEndian(_destination[(begin - 2)..], (ushort)(_length - begin));
}
