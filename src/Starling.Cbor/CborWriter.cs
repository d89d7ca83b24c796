using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Starling.Cbor;

/// <summary>
/// Writes CBOR items (RFC 8949) in the shortest form: numbers and lengths take no more bytes than they need, floating-point numbers the narrowest
/// width that keeps them exact (§4.1). What is written is handed on by <see cref="Flush"/>, and must be, at the end.
/// </summary>
public ref struct CborWriter(IBufferWriter<byte> output)
{
    private const int MaxHead = 9;
    private const int Room = 64;   // what is asked for at a time: some items, not one

    private readonly IBufferWriter<byte> _output = output;
    private Span<byte> _span = output.GetSpan(Room);
    private int _used;

    /// <summary>Hands on what was written.</summary>
    public void Flush()
    {
        _output.Advance(_used);
        _used = 0;
        _span = default;
    }

    /// <summary>Writes an integer.</summary>
    public void WriteInteger(long value)
    {
        if (value >= 0)
        {
            WriteHead(0x00, (ulong)value);
        }
        else
        {
            WriteHead(0x20, (ulong)~value);
        }
    }

    /// <summary>Writes an integer that is not negative.</summary>
    public void WriteUnsigned(ulong value) => WriteHead(0x00, value);

    /// <summary>Writes any integer that CBOR has without a tag.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not −2^64 to 2^64−1.</exception>
    public void WriteInteger(Int128 value)
    {
        var argument = value < 0 ? ~value : value;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(argument, (Int128)ulong.MaxValue, nameof(value));
        WriteHead((byte)(value < 0 ? 0x20 : 0x00), (ulong)argument);
    }

    /// <summary>Writes bytes.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        WriteHead(0x40, (ulong)bytes.Length);
        WriteRaw(bytes);
    }

    /// <summary>Writes text that is UTF-8 already.</summary>
    public void WriteText(scoped ReadOnlySpan<byte> utf8)
    {
        WriteHead(0x60, (ulong)utf8.Length);
        WriteRaw(utf8);
    }

    /// <summary>Writes text.</summary>
    public void WriteText(scoped ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteHead(0x60, (ulong)length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
        _used += length;
    }

    /// <summary>Begins an array; so many items must follow.</summary>
    public void WriteArray(int count) => WriteHead(0x80, (ulong)Counted(count));

    /// <summary>Begins a map; so many pairs must follow.</summary>
    public void WriteMap(int pairs) => WriteHead(0xa0, (ulong)Counted(pairs));

    /// <summary>Writes a tag; the item that it stands for must follow.</summary>
    public void WriteTag(ulong tag) => WriteHead(0xc0, tag);

    /// <summary>Writes false or true.</summary>
    public void WriteBoolean(bool value) => WriteHead(0xe0, value ? 21u : 20u);

    /// <summary>Writes null.</summary>
    public void WriteNull() => WriteHead(0xe0, 22);

    /// <summary>Writes a simple value (RFC 8949 §3.3).</summary>
    /// <exception cref="ArgumentOutOfRangeException">24 to 31, which cannot be written.</exception>
    public void WriteSimple(byte value)
    {
        if (value is >= 24 and < 32)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Simple values are 0 to 23 and 32 to 255.");
        }
        WriteHead(0xe0, value);
    }

    /// <summary>Writes a floating-point number in 16, 32 or 64 bits, whichever is the least that keeps it. Every NaN becomes the one of 16 bits.</summary>
    public void WriteDouble(double value)
    {
        var single = (float)value;
        var half = (Half)single;
        var span = Reserve(MaxHead);
        if (double.IsNaN(value))
        {
            span[0] = 0xf9;
            BinaryPrimitives.WriteUInt16BigEndian(span[1..], 0x7e00);
            _used += 3;
        }
        else if ((double)half == value)
        {
            span[0] = 0xf9;
            BinaryPrimitives.WriteHalfBigEndian(span[1..], half);
            _used += 3;
        }
        else if (single == value)
        {
            span[0] = 0xfa;
            BinaryPrimitives.WriteSingleBigEndian(span[1..], single);
            _used += 5;
        }
        else
        {
            span[0] = 0xfb;
            BinaryPrimitives.WriteDoubleBigEndian(span[1..], value);
            _used += 9;
        }
    }

    private void WriteHead(byte major, ulong argument)
    {
        var span = Reserve(MaxHead);
        if (argument < 24)
        {
            span[0] = (byte)(major | (uint)argument);
            _used++;
        }
        else if (argument <= byte.MaxValue)
        {
            span[1] = (byte)argument;
            span[0] = (byte)(major | 24);
            _used += 2;
        }
        else if (argument <= ushort.MaxValue)
        {
            BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)argument);
            span[0] = (byte)(major | 25);
            _used += 3;
        }
        else if (argument <= uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)argument);
            span[0] = (byte)(major | 26);
            _used += 5;
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(span[1..], argument);
            span[0] = (byte)(major | 27);
            _used += 9;
        }
    }

    private void WriteRaw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _used += bytes.Length;
    }

    private Span<byte> Reserve(int length)
    {
        if (_span.Length - _used < length)
        {
            _output.Advance(_used);
            _used = 0;
            _span = _output.GetSpan(Math.Max(length, Room));
        }
        return _span[_used..];
    }

    private static int Counted(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count;
    }
}
