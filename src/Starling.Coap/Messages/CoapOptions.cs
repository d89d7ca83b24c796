using System.Text;

namespace Starling.Coap;

/// <summary>
/// The options of a message: a view over their encoded bytes. Getters scan; nothing is boxed and nothing is copied.
/// Make some with <see cref="CoapOptionsBuilder"/>.
/// </summary>
/// <remarks>The bytes were checked when the message was accepted, so scanning cannot fail.</remarks>
public readonly struct CoapOptions : IEquatable<CoapOptions>
{
    private readonly ReadOnlyMemory<byte> _encoded;

    /// <summary>Takes options that <see cref="CoapReader"/> has checked or a writer has written.</summary>
    internal CoapOptions(ReadOnlyMemory<byte> encoded) => _encoded = encoded;

    /// <summary>No options.</summary>
    public static CoapOptions None => default;

    /// <summary>The encoded options, without the payload marker.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _encoded.IsEmpty;

    /// <summary>Goes through the options in ascending order of their numbers.</summary>
    public Enumerator GetEnumerator() => new(_encoded.Span);

    /// <summary>Whether the option is there.</summary>
    public bool Has(OptionNumber number) => TryGet(number, out _);

    /// <summary>Finds the first option of this number.</summary>
    public bool TryGet(OptionNumber number, out ReadOnlySpan<byte> value)
    {
        foreach (var option in this)
        {
            if (option.Number >= number)
            {
                value = option.Value;
                return option.Number == number;
            }
        }
        value = default;
        return false;
    }

    /// <summary>The first option of this number as an unsigned integer of up to 4 bytes; null when absent or longer.</summary>
    public uint? GetUInt(OptionNumber number) => GetUInt(number, maxLength: 4);

    /// <summary>The first option of this number as text; null when absent.</summary>
    public string? GetString(OptionNumber number) =>
        TryGet(number, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>All options of this number as text, in order.</summary>
    public IReadOnlyList<string> GetStrings(OptionNumber number)
    {
        List<string>? found = null;
        foreach (var option in this)
        {
            if (option.Number == number)
            {
                (found ??= []).Add(Encoding.UTF8.GetString(option.Value));
            }
        }
        return found ?? (IReadOnlyList<string>)[];
    }

    /// <summary>Content-Format (12).</summary>
    public ContentFormat? ContentFormat => GetUInt(OptionNumber.ContentFormat, maxLength: 2) is { } n ? new ContentFormat((ushort)n) : null;

    /// <summary>Accept (17).</summary>
    public ContentFormat? Accept => GetUInt(OptionNumber.Accept, maxLength: 2) is { } n ? new ContentFormat((ushort)n) : null;

    /// <summary>Max-Age (14), in seconds; null when absent, which means 60 (RFC 7252 §5.10.5).</summary>
    public uint? MaxAge => GetUInt(OptionNumber.MaxAge, maxLength: 4);

    /// <summary>Observe (6): 0 register, 1 cancel in requests, a sequence number in notifications (RFC 7641 §2).</summary>
    public uint? Observe => GetUInt(OptionNumber.Observe, maxLength: 3);

    /// <summary>Block1 (27).</summary>
    public BlockOption? Block1 => GetUInt(OptionNumber.Block1, maxLength: 3) is { } n ? new BlockOption(n) : null;

    /// <summary>Block2 (23).</summary>
    public BlockOption? Block2 => GetUInt(OptionNumber.Block2, maxLength: 3) is { } n ? new BlockOption(n) : null;

    /// <summary>The Uri-Path options joined by <c>/</c> with one in front: <c>/3/0/9</c>; <c>/</c> when there is none. For people and logs.</summary>
    public string UriPath => Join(OptionNumber.UriPath, '/', "/");

    /// <summary>The Uri-Query options joined by <c>&amp;</c>, without a question mark; empty when there is none. For people and logs.</summary>
    public string UriQuery => Join(OptionNumber.UriQuery, '&', "");

    /// <summary>The same options with every one of <paramref name="number"/> replaced by a single one of this value.</summary>
    public CoapOptions With(OptionNumber number, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        return Replace(number, bytes[..CoapOption.WriteUInt(value, bytes)], keep: true);
    }

    /// <summary>The same options with every one of <paramref name="number"/> replaced by a single one of this value.</summary>
    public CoapOptions With(OptionNumber number, ReadOnlySpan<byte> value) => Replace(number, value, keep: true);

    /// <summary>The same options with none of <paramref name="number"/>.</summary>
    public CoapOptions Without(OptionNumber number) => Has(number) ? Replace(number, default, keep: false) : this;

    /// <summary>Byte equality.</summary>
    public bool Equals(CoapOptions other) => _encoded.Span.SequenceEqual(other._encoded.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CoapOptions other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_encoded.Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public static bool operator ==(CoapOptions left, CoapOptions right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(CoapOptions left, CoapOptions right) => !left.Equals(right);

    // An option of a wrong length is treated as one that is not known (RFC 7252 §5.4.3): for an elective one, as if it were not there.
    private uint? GetUInt(OptionNumber number, int maxLength) =>
        TryGet(number, out var value) && value.Length <= maxLength ? CoapOption.ReadUInt(value) : null;

    private CoapOptions Replace(OptionNumber number, ReadOnlySpan<byte> value, bool keep)
    {
        var builder = new CoapOptionsBuilder();
        var placed = !keep;
        foreach (var option in this)
        {
            if (!placed && option.Number >= number)
            {
                builder.Add(number, value);
                placed = true;
            }
            if (option.Number != number)
            {
                builder.Add(option.Number, option.Value);
            }
        }
        if (!placed)
        {
            builder.Add(number, value);
        }
        return builder.Build();
    }

    private string Join(OptionNumber number, char separator, string lead)
    {
        var text = new StringBuilder(lead);
        var first = true;
        foreach (var option in this)
        {
            if (option.Number != number)
            {
                continue;
            }
            if (!first)
            {
                text.Append(separator);
            }
            text.Append(Encoding.UTF8.GetString(option.Value));
            first = false;
        }
        return text.ToString();
    }

    /// <summary>Goes through encoded options.</summary>
    public ref struct Enumerator
    {
        private CoapReader _reader;
        private CoapOption _current;

        internal Enumerator(ReadOnlySpan<byte> encoded)
        {
            _reader = new CoapReader(encoded);
            _current = default;
        }

        /// <summary>The option at which the enumeration stands.</summary>
        public readonly CoapOption Current => _current;

        /// <summary>Goes to the next option.</summary>
        public bool MoveNext() => _reader.TryReadOption(out _current, out _);
    }
}
