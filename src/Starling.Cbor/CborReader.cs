using System.Buffers.Binary;
using System.Text.Unicode;

namespace Starling.Cbor;

/// <summary>
/// Reads CBOR items (RFC 8949) from bytes that may be hostile: it cannot overrun, never throws, does not recurse, and allocates only to join the
/// chunks of a string that came in pieces. Any length of number is taken, shortest or not. What returns false has stopped the reader for good, and
/// <see cref="Error"/> says why; ask <see cref="Peek"/> first where an item may be of several kinds.
/// </summary>
/// <code>
///  7 6 5 4 3 2 1 0
/// |major|  info   |  0, 1, 2, 4 or 8 bytes of argument by info 0–23, 24, 25, 26, 27; 31 is "length not told" or break
/// </code>
public ref struct CborReader
{
    /// <summary>How deep arrays, maps and tags may nest when nothing else is said.</summary>
    public const int UsualDepth = 16;

    /// <summary>The largest depth that can be asked for.</summary>
    public const int MaxDepth = 64;

    private const byte Indefinite = CborHead.Indefinite;
    private const byte BreakByte = 0xff;

    private readonly ReadOnlySpan<byte> _input;
    private readonly int _maxDepth;
    private int _position;
    private int _depth;

    /// <summary>Makes a reader at the start of the input.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="maxDepth">How deep arrays and maps may nest, 0 to <see cref="MaxDepth"/>.</param>
    public CborReader(ReadOnlySpan<byte> input, int maxDepth = UsualDepth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxDepth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDepth, MaxDepth);
        _input = input;
        _maxDepth = maxDepth;
    }

    /// <summary>Why reading stopped.</summary>
    public CborError Error { get; private set; }

    /// <summary>Where the next item begins, or where the item stands that stopped reading.</summary>
    public readonly int Position => _position;

    /// <summary>Whether everything was read.</summary>
    public readonly bool IsAtEnd => _position == _input.Length;

    /// <summary>The kind of the next item.</summary>
    public readonly CborKind Peek() => Error != CborError.None || IsAtEnd ? CborKind.None : CborHead.KindOf(_input[_position]);

    /// <summary>Reads an integer that fits 64 bits with sign; else <see cref="CborError.Overflow"/>.</summary>
    public bool TryReadInt64(out long value)
    {
        value = 0;
        var kind = Peek();
        if (kind is not (CborKind.Unsigned or CborKind.Negative))
        {
            return Refuse();
        }
        if (!TryReadHead(out _, out var argument, out var next))
        {
            return false;
        }
        if (argument > long.MaxValue)
        {
            return Fail(CborError.Overflow);
        }
        value = kind == CborKind.Unsigned ? (long)argument : ~(long)argument;
        _position = next;
        return true;
    }

    /// <summary>Reads an integer that is not negative.</summary>
    public bool TryReadUInt64(out ulong value)
    {
        value = 0;
        if (Peek() != CborKind.Unsigned)
        {
            return Peek() == CborKind.Negative ? Fail(CborError.Overflow) : Refuse();
        }
        return TryReadArgument(out value);
    }

    /// <summary>Reads any integer, −2^64 to 2^64−1.</summary>
    public bool TryReadInteger(out Int128 value)
    {
        value = 0;
        var kind = Peek();
        if (kind is not (CborKind.Unsigned or CborKind.Negative))
        {
            return Refuse();
        }
        if (!TryReadArgument(out var argument))
        {
            return false;
        }
        value = kind == CborKind.Unsigned ? argument : ~(Int128)argument;
        return true;
    }

    /// <summary>Reads a floating-point number of any width. Integers are another kind.</summary>
    public bool TryReadDouble(out double value)
    {
        value = 0;
        if (Peek() != CborKind.Float)
        {
            return Refuse();
        }
        var size = _input[_position] & 0x1f;
        if (!TryReadArgument(out var bits))
        {
            return false;
        }
        value = size switch
        {
            25 => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            26 => BitConverter.UInt32BitsToSingle((uint)bits),
            _ => BitConverter.UInt64BitsToDouble(bits),
        };
        return true;
    }

    /// <summary>Reads false or true.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = Peek() == CborKind.Boolean && _input[_position] == 0xf5;
        return Peek() == CborKind.Boolean ? Advance(1) : Refuse();
    }

    /// <summary>Reads null.</summary>
    public bool TryReadNull() => Peek() == CborKind.Null ? Advance(1) : Refuse();

    /// <summary>Reads any simple value (RFC 8949 §3.3): false is 20, true 21, null 22, undefined 23.</summary>
    public bool TryReadSimple(out byte value)
    {
        value = 0;
        if (Peek() is not (CborKind.Simple or CborKind.Boolean or CborKind.Null or CborKind.Undefined))
        {
            return Refuse();
        }
        if (!TryReadHead(out _, out var argument, out var next))
        {
            return false;
        }
        // A second byte below 32 would be a second way to say what one byte says: not well-formed.
        if (next - _position == 2 && argument < 32)
        {
            return Fail(CborError.Malformed);
        }
        value = (byte)argument;
        _position = next;
        return true;
    }

    /// <summary>Reads a tag; the item that it stands for is next.</summary>
    public bool TryReadTag(out ulong tag)
    {
        tag = 0;
        return Peek() == CborKind.Tag ? TryReadArgument(out tag) : Refuse();
    }

    /// <summary>Reads a text string as UTF-8, which is checked. It lies in the input, or in an array of its own when it came in chunks.</summary>
    public bool TryReadText(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        return Peek() == CborKind.Text ? TryReadString(out utf8) : Refuse();
    }

    /// <summary>Reads a byte string. It lies in the input, or in an array of its own when it came in chunks.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return Peek() == CborKind.Bytes ? TryReadString(out bytes) : Refuse();
    }

    /// <summary>Enters an array. Its items are read while <see cref="HasNext"/> says so.</summary>
    /// <param name="remaining">How many items it has; −1 when it does not tell. To be handed to <see cref="HasNext"/>.</param>
    public bool TryReadArray(out int remaining)
    {
        remaining = 0;
        return Peek() == CborKind.Array ? TryEnter(1, out remaining) : Refuse();
    }

    /// <summary>Enters a map. Its pairs, a key and a value each, are read while <see cref="HasNext"/> says so.</summary>
    /// <param name="remaining">How many pairs it has; −1 when it does not tell. To be handed to <see cref="HasNext"/>.</param>
    public bool TryReadMap(out int remaining)
    {
        remaining = 0;
        return Peek() == CborKind.Map ? TryEnter(2, out remaining) : Refuse();
    }

    /// <summary>Whether the array or map that was entered last has one more item or pair. When it says no, the array is left: do not ask again.</summary>
    public bool HasNext(scoped ref int remaining)
    {
        if (Error != CborError.None)
        {
            return false;
        }
        if (remaining > 0)
        {
            remaining--;
            return true;
        }
        if (remaining < 0 && IsAtEnd)
        {
            return Fail(CborError.Truncated);
        }
        if (remaining < 0 && _input[_position] != BreakByte)
        {
            return true;
        }
        _position -= remaining;   // over the break of an array that did not tell its length
        _depth--;
        return false;
    }

    /// <summary>Reads over one item with everything in it, and checks that it is well-formed and that its text is UTF-8.</summary>
    public bool TrySkip() => CborSkip.TrySkip(ref this);

    private bool TryEnter(int width, out int remaining)
    {
        remaining = 0;
        if (_depth == _maxDepth)
        {
            return Fail(CborError.TooDeep);
        }
        if (!TryReadHead(out var info, out var count, out var next))
        {
            return false;
        }
        // Every item has at least a byte: more of them than bytes cannot come, and nobody should make room for them.
        if (info != Indefinite && count > (ulong)((_input.Length - next) / width))
        {
            return Fail(CborError.Truncated);
        }
        remaining = info == Indefinite ? -1 : (int)count;
        _position = next;
        _depth++;
        return true;
    }

    private bool TryReadString(out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!TryReadHead(out var info, out var length, out var next))
        {
            return false;
        }
        var isText = _input[_position] >> 5 == 3;
        if (info == Indefinite)
        {
            return TryJoinChunks(next, isText, out content);
        }
        if (length > (ulong)(_input.Length - next))
        {
            return Fail(CborError.Truncated);
        }
        content = _input.Slice(next, (int)length);
        if (isText && !Utf8.IsValid(content))
        {
            content = default;
            return Fail(CborError.NotText);
        }
        _position = next + (int)length;
        return true;
    }

    /// <summary>
    /// A string in chunks (RFC 8949 §3.2.3): each is a whole string of the same major type that tells its length. They are counted before room is
    /// made for them, so that many small strings cost no more than one large one.
    /// </summary>
    private bool TryJoinChunks(int next, bool isText, out ReadOnlySpan<byte> content)
    {
        content = default;
        var length = 0;
        ReadOnlySpan<byte> chunk = default;
        for (_position = next; !IsAtEnd && _input[_position] != BreakByte; length += chunk.Length)
        {
            if (_input[_position] >> 5 != (isText ? 3 : 2) || (_input[_position] & 0x1f) == Indefinite)
            {
                return Fail(CborError.Malformed);
            }
            if (!TryReadString(out chunk))
            {
                return false;
            }
        }
        if (IsAtEnd)
        {
            return Fail(CborError.Truncated);
        }
        content = chunk.Length == length ? chunk : Join(next, _position, length);
        return Advance(1);
    }

    private byte[] Join(int start, int end, int length)
    {
        var joined = new byte[length];
        _position = start;
        for (var used = 0; _position < end;)
        {
            TryReadString(out var chunk);
            chunk.CopyTo(joined.AsSpan(used));
            used += chunk.Length;
        }
        return joined;
    }

    private bool TryReadArgument(out ulong argument)
    {
        if (!TryReadHead(out _, out argument, out var next))
        {
            return false;
        }
        _position = next;
        return true;
    }

    private bool TryReadHead(out int info, out ulong argument, out int next)
    {
        var error = CborHead.Read(_input[_position..], out var head);
        info = head.Info;
        argument = head.Argument;
        next = _position + head.Length;
        return error == CborError.None || Fail(error);
    }

    private bool Advance(int count)
    {
        _position += count;
        return true;
    }

    /// <summary>The next item is not what was asked for: none at all, a break out of place, or another kind.</summary>
    private bool Refuse() => Fail(IsAtEnd ? CborError.Truncated : _input[_position] == BreakByte ? CborError.Malformed : CborError.OtherKind);

    private bool Fail(CborError error)
    {
        Error = Error == CborError.None ? error : Error;
        return false;
    }
}
