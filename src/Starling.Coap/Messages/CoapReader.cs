using System.Buffers.Binary;

namespace Starling.Coap;

/// <summary>
/// Reads the parts of a message from bytes that may be hostile: it cannot overrun, allocates nothing and never throws.
/// <code>
///  0                   1                   2                   3
/// |Ver| T |  TKL  |      Code     |          Message ID           |
/// |   Token (0–8 bytes) …
/// |   Options …
/// |1 1 1 1 1 1 1 1|    Payload …
/// </code>
/// (RFC 7252 §3)
/// </summary>
public ref struct CoapReader(ReadOnlySpan<byte> buffer)
{
    private ReadOnlySpan<byte> _rest = buffer;
    private int _number;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Takes one byte.</summary>
    public bool TryReadByte(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }
        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Takes <paramref name="count"/> bytes.</summary>
    public bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            bytes = default;
            return false;
        }
        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>
    /// Takes the next option. False at the end, at the payload marker (left in place) and on an error, which <paramref name="error"/> tells.
    /// </summary>
    public bool TryReadOption(out CoapOption option, out ParseError error)
    {
        option = default;
        error = ParseError.None;
        if (_rest.IsEmpty || _rest[0] == 0xff)
        {
            return false;
        }
        var head = _rest[0];
        _rest = _rest[1..];
        if (!TryExtend(head >> 4, out var delta) || !TryExtend(head & 0xf, out var length))
        {
            error = ParseError.OptionHeader;
            return false;
        }
        var number = _number + delta;
        if (number > ushort.MaxValue)
        {
            error = ParseError.OptionNumber;
            return false;
        }
        if (!TryTake(length, out var value))
        {
            error = ParseError.OptionLength;
            return false;
        }
        _number = number;
        option = new CoapOption(new OptionNumber((ushort)number), value);
        return true;
    }

    // RFC 7252 §3.1: 13 adds one byte, 14 adds two, 15 is reserved.
    private bool TryExtend(int nibble, out int value)
    {
        value = nibble;
        switch (nibble)
        {
            case < 13:
                return true;
            case 13:
                if (!TryReadByte(out var one))
                {
                    return false;
                }
                value = 13 + one;
                return true;
            case 14:
                if (!TryTake(2, out var two))
                {
                    return false;
                }
                value = 269 + BinaryPrimitives.ReadUInt16BigEndian(two);
                return true;
            default:
                return false;
        }
    }
}
