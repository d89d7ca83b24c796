using System.Text;

namespace Starling.Lwm2m;

/// <summary>
/// Walks over a list in CoRE link format (RFC 6690 §2) without copying. It takes more than the grammar gives: white space between all parts,
/// empty attributes, and a list that begins with bare attributes as the first Bootstrap-Discover answers did (<c>lwm2m=1.0,&lt;/0&gt;</c>).
/// </summary>
/// <code>
/// list      = link *( "," link )
/// link      = "&lt;" target "&gt;" *( ";" attribute )
/// attribute = name [ "=" ( token / DQUOTE text DQUOTE ) ]
/// </code>
internal ref struct LinkReader(ReadOnlySpan<byte> input)
{
    private readonly ReadOnlySpan<byte> _input = input;
    private int _position;
    private bool _started;
    private bool _bare;

    /// <summary>Whether reading ended because the text is no list of links.</summary>
    public bool Failed { get; private set; }

    /// <summary>The next link's target; false at the end or when reading failed.</summary>
    public bool TryReadLink(out ReadOnlySpan<byte> target)
    {
        target = default;
        while (TryReadAttribute(out _))
        {
        }
        SkipSpace();
        if (Failed || _position == _input.Length)
        {
            return false;
        }
        if (!_started)
        {
            _started = true;
            if (IsToken(_input[_position]))
            {
                _bare = true;
                target = "/"u8;
                return true;
            }
        }
        else if (!Take((byte)','))
        {
            return Fail();
        }
        return TryReadTarget(out target) || Fail();
    }

    /// <summary>The next attribute of the link that was read last; false when it has no more, or when reading failed.</summary>
    public bool TryReadAttribute(out LinkAttribute attribute)
    {
        attribute = default;
        if (Failed || !_started)
        {
            return false;
        }
        var expected = _bare;
        _bare = false;
        SkipSpace();
        while (Take((byte)';'))
        {
            expected = true;
            SkipSpace();
        }
        return expected && TryReadPair(out attribute);
    }

    private bool TryReadPair(out LinkAttribute attribute)
    {
        attribute = default;
        var name = TakeToken(isValue: false);
        if (name.IsEmpty)
        {
            return _position < _input.Length && _input[_position] != ',' && Fail();
        }
        SkipSpace();
        if (!Take((byte)'='))
        {
            attribute = new LinkAttribute(name, default, hasValue: false);
            return true;
        }
        SkipSpace();
        if (!Take((byte)'"'))
        {
            attribute = new LinkAttribute(name, TakeToken(isValue: true), hasValue: true);
            return true;
        }
        if (!TryReadQuoted(out var value))
        {
            return Fail();
        }
        attribute = new LinkAttribute(name, value, hasValue: true);
        return true;
    }

    private bool TryReadTarget(out ReadOnlySpan<byte> target)
    {
        target = default;
        SkipSpace();
        if (!Take((byte)'<'))
        {
            return false;
        }
        var rest = _input[_position..];
        var end = rest.IndexOf((byte)'>');
        if (end < 0 || HasControl(rest[..end]))
        {
            return false;
        }
        target = rest[..end];
        _position += end + 1;
        return true;
    }

    private bool TryReadQuoted(out ReadOnlySpan<byte> value)
    {
        var start = _position;
        while (_position < _input.Length)
        {
            var c = _input[_position++];
            if (c == '"')
            {
                value = _input[start..(_position - 1)];
                return !HasControl(value);
            }
            if (c == '\\' && _position < _input.Length)
            {
                _position++;
            }
        }
        value = default;
        return false;
    }

    private ReadOnlySpan<byte> TakeToken(bool isValue)
    {
        var start = _position;
        while (_position < _input.Length && (IsToken(_input[_position]) || (isValue && _input[_position] == '=')))
        {
            _position++;
        }
        return _input[start.._position];
    }

    private bool Take(byte wanted)
    {
        if (_position == _input.Length || _input[_position] != wanted)
        {
            return false;
        }
        _position++;
        return true;
    }

    private void SkipSpace()
    {
        while (_position < _input.Length && _input[_position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _position++;
        }
    }

    private bool Fail()
    {
        Failed = true;
        return false;
    }

    private static bool IsToken(byte c) => c > ' ' && c != 0x7f && c is not ((byte)',' or (byte)';' or (byte)'=' or (byte)'"' or (byte)'<' or (byte)'>');

    private static bool HasControl(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyInRange((byte)0, (byte)0x1f) >= 0 || text.Contains((byte)0x7f);
}

/// <summary>One attribute where it stands in the list.</summary>
internal readonly ref struct LinkAttribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> raw, bool hasValue)
{
    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The value between its quotes, its escapes still in it.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>Whether there is a value, even if it is empty.</summary>
    public bool HasValue { get; } = hasValue;

    /// <summary>The value without escapes, as UTF-8; empty when there is none.</summary>
    public ReadOnlySpan<byte> Plain() => Raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(Text()!) : Raw;

    /// <summary>The value as text; null when there is none.</summary>
    public string? Text()
    {
        if (!HasValue)
        {
            return null;
        }
        var text = Encoding.UTF8.GetString(Raw);
        return text.Contains('\\', StringComparison.Ordinal) ? Unescape(text) : text;
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }
            plain.Append(text[i]);
        }
        return plain.ToString();
    }
}
