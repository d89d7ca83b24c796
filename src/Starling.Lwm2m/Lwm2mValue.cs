using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Starling.Lwm2m;

/// <summary>A value of one of LwM2M's types. Numbers are kept in place; text and bytes by reference.</summary>
public readonly struct Lwm2mValue : IEquatable<Lwm2mValue>
{
    private readonly long _bits;
    private readonly object? _reference;   // a string, or the array that an opaque value or a text in UTF-8 lies in
    private readonly int _offset;
    private readonly int _length;

    private Lwm2mValue(ValueKind kind, long bits, object? reference = null, int offset = 0, int length = 0)
    {
        Kind = kind;
        _bits = bits;
        _reference = reference;
        _offset = offset;
        _length = length;
    }

    /// <summary>The type.</summary>
    public ValueKind Kind { get; }

    /// <summary>A path only.</summary>
    public static Lwm2mValue None => default;
    /// <summary>A container without members.</summary>
    public static Lwm2mValue Empty => new(ValueKind.Empty, 0);
    /// <summary>Deletes.</summary>
    public static Lwm2mValue Null => new(ValueKind.Null, 0);
    /// <summary>Text.</summary>
    public static Lwm2mValue String(string value) => new(ValueKind.String, 0, value ?? throw new ArgumentNullException(nameof(value)));
    /// <summary>A list in CoRE link format.</summary>
    public static Lwm2mValue CoreLink(string value) => new(ValueKind.CoreLink, 0, value ?? throw new ArgumentNullException(nameof(value)));
    /// <summary>A text that becomes a string when it is asked for: valid UTF-8, in an array that others lie in too and nobody changes.</summary>
    internal static Lwm2mValue Utf8(byte[] texts, int offset, int length) => new(ValueKind.String, 0, texts, offset, length);
    /// <summary>A signed number.</summary>
    public static Lwm2mValue Integer(long value) => new(ValueKind.Integer, value);
    /// <summary>An unsigned number.</summary>
    public static Lwm2mValue Unsigned(ulong value) => new(ValueKind.Unsigned, (long)value);
    /// <summary>A number with a fraction.</summary>
    public static Lwm2mValue Float(double value) => new(ValueKind.Float, BitConverter.DoubleToInt64Bits(value));
    /// <summary>True or false.</summary>
    public static Lwm2mValue Boolean(bool value) => new(ValueKind.Boolean, value ? 1 : 0);
    /// <summary>Bytes. They are not copied: do not change them afterwards.</summary>
    public static Lwm2mValue Opaque(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.TryGetArray(value, out var segment)
            ? new(ValueKind.Opaque, 0, segment.Array, segment.Offset, segment.Count)
            : new(ValueKind.Opaque, 0, value.ToArray(), 0, value.Length);
    /// <summary>A time in whole seconds.</summary>
    public static Lwm2mValue Time(DateTimeOffset value) => new(ValueKind.Time, value.ToUnixTimeSeconds());
    /// <summary>A time in seconds since 1970-01-01T00:00:00Z.</summary>
    public static Lwm2mValue Time(long unixSeconds) => new(ValueKind.Time, unixSeconds);
    /// <summary>A link to an object or an instance.</summary>
    public static Lwm2mValue ObjectLink(ObjectLink value) => new(ValueKind.ObjectLink, (value.ObjectId << 16) | value.InstanceId);

    /// <summary>The number of an Integer, Unsigned (when it fits) or Time value.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public long AsInteger() => Kind switch
    {
        ValueKind.Integer or ValueKind.Time => _bits,
        ValueKind.Unsigned when _bits >= 0 => _bits,
        _ => throw Wrong(ValueKind.Integer),
    };

    /// <summary>The number of an Unsigned value, or of an Integer or Time value that is not negative.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public ulong AsUnsigned() => Kind switch
    {
        ValueKind.Unsigned => (ulong)_bits,
        ValueKind.Integer or ValueKind.Time when _bits >= 0 => (ulong)_bits,
        _ => throw Wrong(ValueKind.Unsigned),
    };

    /// <summary>The number of any numeric value.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public double AsFloat() => Kind switch
    {
        ValueKind.Float => BitConverter.Int64BitsToDouble(_bits),
        ValueKind.Integer or ValueKind.Time => _bits,
        ValueKind.Unsigned => (ulong)_bits,
        _ => throw Wrong(ValueKind.Float),
    };

    /// <summary>The truth of a Boolean value.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public bool AsBoolean() => Kind == ValueKind.Boolean ? _bits != 0 : throw Wrong(ValueKind.Boolean);

    /// <summary>The text of a String or CoreLink value.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public string AsString() => Kind is ValueKind.String or ValueKind.CoreLink ? Text : throw Wrong(ValueKind.String);

    /// <summary>The bytes of an Opaque value.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public ReadOnlyMemory<byte> AsOpaque() => Kind == ValueKind.Opaque ? new ReadOnlyMemory<byte>((byte[]?)_reference, _offset, _length) : throw Wrong(ValueKind.Opaque);

    /// <summary>The bytes that a text or an opaque value takes where it lies.</summary>
    internal int Length => _reference is string text ? sizeof(char) * text.Length : _length;

    /// <summary>The time of a Time value.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind, or beyond what a date can say.</exception>
    public DateTimeOffset AsTime() =>
        Kind == ValueKind.Time && _bits is >= -62135596800 and <= 253402300799 ? DateTimeOffset.FromUnixTimeSeconds(_bits) : throw Wrong(ValueKind.Time);

    /// <summary>The link of an ObjectLink value.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind.</exception>
    public ObjectLink AsObjectLink() => Kind == ValueKind.ObjectLink ? new ObjectLink((ushort)(_bits >> 16), (ushort)_bits) : throw Wrong(ValueKind.ObjectLink);

    /// <summary>Whether this is a number: Integer, Unsigned, Float or Time.</summary>
    public bool IsNumeric => Kind is ValueKind.Integer or ValueKind.Unsigned or ValueKind.Float or ValueKind.Time;

    /// <summary>
    /// The same value as another type where nothing is lost: numbers among each other, whole numbers to Time, text to CoreLink.
    /// Content formats that know no types (JSON, CBOR) deliver the nearest kind; the object's definition says which one is meant.
    /// </summary>
    public bool TryConvert(ValueKind kind, out Lwm2mValue value)
    {
        value = this;
        if (Kind == kind)
        {
            return true;
        }
        switch (kind)
        {
            case ValueKind.Integer or ValueKind.Time when TryWhole(out var whole):
                value = new Lwm2mValue(kind, whole);
                return true;
            case ValueKind.Unsigned when TryWhole(out var positive) && positive >= 0:
                value = Unsigned((ulong)positive);
                return true;
            case ValueKind.Float when IsNumeric:
                value = Float(AsFloat());
                return true;
            case ValueKind.CoreLink or ValueKind.String when Kind is ValueKind.CoreLink or ValueKind.String:
                value = new Lwm2mValue(kind, 0, _reference, _offset, _length);
                return true;
            case ValueKind.ObjectLink when Kind == ValueKind.String && Lwm2m.ObjectLink.TryParse(Text, out var link):
                value = ObjectLink(link);
                return true;
            default:
                value = default;
                return false;
        }
    }

    private string Text => _reference as string ?? Encoding.UTF8.GetString((byte[])_reference!, _offset, _length);

    private bool TryWhole(out long whole)
    {
        switch (Kind)
        {
            case ValueKind.Integer or ValueKind.Time:
                whole = _bits;
                return true;
            case ValueKind.Unsigned:
                whole = _bits;
                return _bits >= 0;
            case ValueKind.Float:
                var number = BitConverter.Int64BitsToDouble(_bits);
                whole = number is >= -9.2233720368547758e18 and < 9.2233720368547758e18 ? (long)number : 0;
                return whole == number;
            default:
                whole = 0;
                return false;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Lwm2mValue other) => Kind == other.Kind && Kind switch
    {
        ValueKind.String or ValueKind.CoreLink => _reference is byte[] ours && other._reference is byte[] theirs
            ? ours.AsSpan(_offset, _length).SequenceEqual(theirs.AsSpan(other._offset, other._length))
            : Text == other.Text,
        ValueKind.Opaque => AsOpaque().Span.SequenceEqual(other.AsOpaque().Span),
        ValueKind.Float => BitConverter.Int64BitsToDouble(_bits).Equals(BitConverter.Int64BitsToDouble(other._bits)),
        _ => _bits == other._bits,
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Lwm2mValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        ValueKind.String or ValueKind.CoreLink => HashCode.Combine(Kind, Text),
        ValueKind.Opaque => HashCode.Combine(Kind, _length, _length > 0 ? AsOpaque().Span[0] : 0),
        ValueKind.Float => HashCode.Combine(Kind, BitConverter.Int64BitsToDouble(_bits)),
        _ => HashCode.Combine(Kind, _bits),
    };

    /// <inheritdoc/>
    public static bool operator ==(Lwm2mValue left, Lwm2mValue right) => left.Equals(right);
    /// <inheritdoc/>
    public static bool operator !=(Lwm2mValue left, Lwm2mValue right) => !left.Equals(right);

    /// <summary>Text.</summary>
    public static implicit operator Lwm2mValue(string value) => String(value);
    /// <summary>A signed number.</summary>
    public static implicit operator Lwm2mValue(int value) => Integer(value);
    /// <summary>A signed number.</summary>
    public static implicit operator Lwm2mValue(long value) => Integer(value);
    /// <summary>A number with a fraction.</summary>
    public static implicit operator Lwm2mValue(double value) => Float(value);
    /// <summary>True or false.</summary>
    public static implicit operator Lwm2mValue(bool value) => Boolean(value);
    /// <summary>A time.</summary>
    public static implicit operator Lwm2mValue(DateTimeOffset value) => Time(value);
    /// <summary>Bytes.</summary>
    public static implicit operator Lwm2mValue(byte[] value) => Opaque(value);

    /// <summary>The value as people read it: numbers in the invariant culture, opaque as hexadecimal, time as RFC 3339.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.None => "",
        ValueKind.Empty => "{}",
        ValueKind.Null => "null",
        ValueKind.String or ValueKind.CoreLink => Text,
        ValueKind.Integer => _bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.Unsigned => ((ulong)_bits).ToString(CultureInfo.InvariantCulture),
        ValueKind.Float => BitConverter.Int64BitsToDouble(_bits).ToString("R", CultureInfo.InvariantCulture),
        ValueKind.Boolean => _bits != 0 ? "true" : "false",
        ValueKind.Opaque => Convert.ToHexStringLower(AsOpaque().Span),
        ValueKind.Time => _bits is >= -62135596800 and <= 253402300799
            ? DateTimeOffset.FromUnixTimeSeconds(_bits).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : _bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.ObjectLink => AsObjectLink().ToString(),
        _ => throw new InvalidOperationException($"Kind {Kind}"),
    };

    private InvalidOperationException Wrong(ValueKind wanted) => new($"The value is {Kind}, not {wanted}.");
}
