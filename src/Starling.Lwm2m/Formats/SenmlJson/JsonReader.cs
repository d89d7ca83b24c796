using System.Buffers;
using System.Text.Unicode;

namespace Starling.Lwm2m;

/// <summary>
/// Reads JSON (RFC 8259) from bytes that may be hostile: never throws, does not recurse, allocates only to undo the escapes of a string. It does
/// what the framework's reader does, save that a malformed text costs no exception. What returns false has stopped it for good.
/// </summary>
internal ref struct JsonReader(ReadOnlySpan<byte> input, int maxDepth)
{
    private static readonly SearchValues<byte> _plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x60).Select(c => (byte)c).Where(c => c is not ((byte)'"' or (byte)'\\'))]);

    private readonly ReadOnlySpan<byte> _input = input;
    private int _position;
    private int _depth;

    /// <summary>Why reading stopped.</summary>
    public CodecErrorKind Error { get; private set; }

    /// <summary>About where the reader stands.</summary>
    public readonly int Position => _position;

    /// <summary>Whether nothing but white space is left.</summary>
    public bool IsAtEnd
    {
        get
        {
            SkipSpace();
            return _position == _input.Length;
        }
    }

    /// <summary>The kind of the next value.</summary>
    public JsonKind Peek() => IsAtEnd || Error != CodecErrorKind.None ? JsonKind.None : _input[_position] switch
    {
        (byte)'[' => JsonKind.Array,
        (byte)'{' => JsonKind.Object,
        (byte)'"' => JsonKind.Text,
        (byte)'t' or (byte)'f' => JsonKind.Boolean,
        (byte)'n' => JsonKind.Null,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonKind.Number,
        _ => JsonKind.None,
    };

    /// <summary>Enters a list; its values are read while <see cref="HasNext"/> says so.</summary>
    public bool TryEnterArray() => TryEnter((byte)'[');

    /// <summary>Enters an object; a name (<see cref="TryReadName"/>) and a value are read while <see cref="HasNext"/> says so.</summary>
    public bool TryEnterObject() => TryEnter((byte)'{');

    /// <summary>Whether the list or object that was entered last has one more member. When it says no, it is left.</summary>
    /// <param name="isFirst">True before the first member, and then no more.</param>
    /// <param name="end">The bracket that ends it.</param>
    public bool HasNext(ref bool isFirst, char end)
    {
        if (Error != CodecErrorKind.None)
        {
            return false;
        }
        if (IsAtEnd)
        {
            return Fail(CodecErrorKind.Truncated);
        }
        if (_input[_position] == end)
        {
            _position++;
            _depth--;
            return false;
        }
        if (!isFirst && !TryTake((byte)','))
        {
            return false;
        }
        isFirst = false;
        return true;
    }

    /// <summary>Reads a member's name and the colon behind it.</summary>
    public bool TryReadName(out ReadOnlySpan<byte> utf8) => TryReadText(out utf8) && TryTake((byte)':');

    /// <summary>Reads a string. It lies in the input, or in an array of its own when it had escapes.</summary>
    public bool TryReadText(out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (!TryTake((byte)'"'))
        {
            return false;
        }
        // Plain ASCII, as nearly every string is, needs no second look.
        var rest = _input[_position..];
        var length = rest.IndexOfAnyExcept(_plain);
        if (length >= 0 && rest[length] == '"')
        {
            utf8 = rest[..length];
            _position += length + 1;
            return true;
        }
        return TryReadOddText(rest, length, out utf8);
    }

    private bool TryReadOddText(ReadOnlySpan<byte> rest, int start, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        var length = start < 0 ? -1 : JsonEscapes.EndOfText(rest, start);
        if (length < 0)
        {
            return Fail(CodecErrorKind.Truncated);
        }
        utf8 = rest[..length];
        if (utf8.ContainsAnyInRange((byte)0, (byte)0x1f) || !Utf8.IsValid(utf8) || (utf8.Contains((byte)'\\') && !JsonEscapes.TryUndo(ref utf8)))
        {
            utf8 = default;
            return Fail(CodecErrorKind.Malformed);
        }
        _position += length + 1;
        return true;
    }

    /// <summary>Reads a number as it is written, which is checked to be one.</summary>
    public bool TryReadNumber(out ReadOnlySpan<byte> token)
    {
        token = default;
        if (IsAtEnd)
        {
            return Fail(CodecErrorKind.Truncated);
        }
        var at = _position + (_input[_position] == '-' ? 1 : 0);
        var isRead = TryDigits(ref at, out var hasLeadingZero);
        if (isRead && at < _input.Length && _input[at] == '.')
        {
            at++;
            isRead = TryDigits(ref at, out _);
        }
        if (isRead && at < _input.Length && (_input[at] | 0x20) == 'e')
        {
            at++;
            at += at < _input.Length && _input[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            isRead = TryDigits(ref at, out _);
        }
        if (!isRead || hasLeadingZero)
        {
            return Fail(at == _input.Length && !hasLeadingZero ? CodecErrorKind.Truncated : CodecErrorKind.Malformed);
        }
        token = _input[_position..at];
        _position = at;
        return true;
    }

    /// <summary>Reads true or false.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = Peek() == JsonKind.Boolean && _input[_position] == 't';
        return TryTakeWord(value ? "true"u8 : "false"u8);
    }

    /// <summary>Reads over one value with everything in it.</summary>
    public bool TrySkip()
    {
        Span<bool> first = stackalloc bool[maxDepth + 1];
        var (level, objects) = (0, 0UL);   // a bit a level: it is an object
        do
        {
            var kind = Peek();
            if (kind is JsonKind.Array or JsonKind.Object)
            {
                if (!TryEnter(_input[_position]))
                {
                    return false;
                }
                first[++level] = true;
                objects = kind == JsonKind.Object ? objects | (1UL << level) : objects & ~(1UL << level);
            }
            else if (!TrySkipScalar(kind))
            {
                return false;
            }
            while (level > 0 && !HasNext(ref first[level], (objects & (1UL << level)) != 0 ? '}' : ']'))
            {
                level--;
            }
            if (level > 0 && (objects & (1UL << level)) != 0 && !TryReadName(out _))
            {
                return false;
            }
        }
        while (level > 0);
        return Error == CodecErrorKind.None;
    }

    private bool TrySkipScalar(JsonKind kind) => kind switch
    {
        JsonKind.Text => TryReadText(out _),
        JsonKind.Number => TryReadNumber(out _),
        JsonKind.Boolean => TryReadBoolean(out _),
        JsonKind.Null => TryTakeWord("null"u8),
        _ => Fail(IsAtEnd ? CodecErrorKind.Truncated : CodecErrorKind.Malformed),
    };

    private bool TryEnter(byte bracket)
    {
        if (!TryTake(bracket))
        {
            return false;
        }
        return ++_depth <= maxDepth || Fail(CodecErrorKind.Limit);
    }

    private bool TryTake(byte wanted)
    {
        if (IsAtEnd)
        {
            return Fail(CodecErrorKind.Truncated);
        }
        if (Error != CodecErrorKind.None || _input[_position] != wanted)
        {
            return Fail(CodecErrorKind.Malformed);
        }
        _position++;
        return true;
    }

    private bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        var rest = _input[_position..];
        if (!rest.StartsWith(word))
        {
            return Fail(word.StartsWith(rest) ? CodecErrorKind.Truncated : CodecErrorKind.Malformed);
        }
        _position += word.Length;
        return true;
    }

    /// <summary>Takes digits, one at least, and tells of a zero in front of others.</summary>
    private readonly bool TryDigits(ref int at, out bool hasLeadingZero)
    {
        var start = at;
        while (at < _input.Length && char.IsAsciiDigit((char)_input[at]))
        {
            at++;
        }
        hasLeadingZero = at - start > 1 && _input[start] == '0';
        return at > start;
    }

    private void SkipSpace()
    {
        while (_position < _input.Length && _input[_position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _position++;
        }
    }

    private bool Fail(CodecErrorKind error)
    {
        Error = Error == CodecErrorKind.None ? error : Error;
        return false;
    }
}
