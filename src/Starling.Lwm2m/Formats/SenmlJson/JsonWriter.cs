using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Starling.Lwm2m;

/// <summary>Writes the parts of JSON (RFC 8259), as UTF-8 without white space. The caller puts them in order; <see cref="Flush"/> hands them on.</summary>
internal ref struct JsonWriter(IBufferWriter<byte> output)
{
    private const int Room = 256;
    private const int MaxNumber = 32;
    private const int MaxEscape = 6;

    private static readonly SearchValues<char> _escaped =
        SearchValues.Create("\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

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

    /// <summary>Writes JSON as it is: brackets, commas, names.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> json)
    {
        json.CopyTo(Reserve(json.Length));
        _used += json.Length;
    }

    /// <summary>Writes a string.</summary>
    public void WriteText(scoped ReadOnlySpan<char> text)
    {
        WriteRaw("\""u8);
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(_escaped);
            var run = plain < 0 ? text : text[..plain];
            var length = Encoding.UTF8.GetByteCount(run);
            Encoding.UTF8.GetBytes(run, Reserve(length));
            _used += length;
            if (plain < 0)
            {
                break;
            }
            WriteEscape(text[plain]);
            text = text[(plain + 1)..];
        }
        WriteRaw("\""u8);
    }

    /// <summary>Writes bytes as a string in base64url without padding (RFC 8428 §4.3, <c>vd</c>).</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        WriteRaw("\""u8);
        var length = Base64Url.GetEncodedLength(bytes.Length);
        Base64Url.EncodeToUtf8(bytes, Reserve(length));
        _used += length;
        WriteRaw("\""u8);
    }

    /// <summary>Writes bytes as a string in base64 with padding (RFC 4648 §4).</summary>
    public void WriteBase64(scoped ReadOnlySpan<byte> bytes)
    {
        WriteRaw("\""u8);
        Base64.EncodeToUtf8(bytes, Reserve(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var length);
        _used += length;
        WriteRaw("\""u8);
    }

    /// <summary>Writes the number of a numeric value.</summary>
    public void WriteNumber(Lwm2mValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Float:
                WriteNumber(value.AsFloat());
                break;
            case ValueKind.Unsigned:
                WriteNumber(value.AsUnsigned());
                break;
            default:
                WriteNumber(value.AsInteger());
                break;
        }
    }

    /// <summary>Writes seconds; whole ones without a fraction.</summary>
    public void WriteTime(double seconds)
    {
        if (seconds == Math.Floor(seconds))
        {
            WriteNumber((long)seconds);
        }
        else
        {
            WriteNumber(seconds);
        }
    }

    /// <summary>Writes a whole number.</summary>
    public void WriteNumber(long value)
    {
        value.TryFormat(Reserve(MaxNumber), out var written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    /// <summary>Writes a whole number.</summary>
    public void WriteNumber(ulong value)
    {
        value.TryFormat(Reserve(MaxNumber), out var written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    /// <summary>Writes a finite number exactly, and so that it reads as one with a fraction even if it has none: <c>21.0</c>.</summary>
    public void WriteNumber(double value)
    {
        var span = Reserve(MaxNumber);
        value.TryFormat(span, out var written, "R", CultureInfo.InvariantCulture);
        _used += written;
        if (span[..written].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            WriteRaw(".0"u8);
        }
    }

    private void WriteEscape(char c)
    {
        var letter = "\"\\\b\f\n\r\t".IndexOf(c, StringComparison.Ordinal);
        var span = Reserve(MaxEscape);
        span[0] = (byte)'\\';
        if (letter >= 0)
        {
            span[1] = "\"\\bfnrt"u8[letter];
            _used += 2;
            return;
        }
        span[1] = (byte)'u';
        ((int)c).TryFormat(span[2..], out _, "x4", CultureInfo.InvariantCulture);
        _used += MaxEscape;
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
}
