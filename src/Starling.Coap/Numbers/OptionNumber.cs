namespace Starling.Coap;

/// <summary>The number of an option (RFC 7252 §12.2). What must be understood is said by its bits (§5.4.6).</summary>
public readonly record struct OptionNumber(ushort Value) : IComparable<OptionNumber>
{
    /// <summary>A receiver that does not know a critical option must refuse the message.</summary>
    public bool IsCritical => (Value & 1) != 0;

    /// <summary>A proxy that does not know it must not forward it.</summary>
    public bool IsUnsafe => (Value & 2) != 0;

    /// <summary>Safe to forward, yet no part of the cache key.</summary>
    public bool IsNoCacheKey => (Value & 0x1e) == 0x1c;

    /// <inheritdoc/>
    public int CompareTo(OptionNumber other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public static bool operator <(OptionNumber left, OptionNumber right) => left.Value < right.Value;
    /// <inheritdoc/>
    public static bool operator >(OptionNumber left, OptionNumber right) => left.Value > right.Value;
    /// <inheritdoc/>
    public static bool operator <=(OptionNumber left, OptionNumber right) => left.Value <= right.Value;
    /// <inheritdoc/>
    public static bool operator >=(OptionNumber left, OptionNumber right) => left.Value >= right.Value;

    /// <summary>1, opaque 0–8 bytes, repeatable.</summary>
    public static OptionNumber IfMatch => new(1);
    /// <summary>3, string 1–255 bytes.</summary>
    public static OptionNumber UriHost => new(3);
    /// <summary>4, opaque 1–8 bytes; repeatable in requests.</summary>
    public static OptionNumber ETag => new(4);
    /// <summary>5, empty.</summary>
    public static OptionNumber IfNoneMatch => new(5);
    /// <summary>6, uint 0–3 bytes (RFC 7641).</summary>
    public static OptionNumber Observe => new(6);
    /// <summary>7, uint 0–2 bytes.</summary>
    public static OptionNumber UriPort => new(7);
    /// <summary>8, string 0–255 bytes, repeatable.</summary>
    public static OptionNumber LocationPath => new(8);
    /// <summary>11, string 0–255 bytes, repeatable.</summary>
    public static OptionNumber UriPath => new(11);
    /// <summary>12, uint 0–2 bytes.</summary>
    public static OptionNumber ContentFormat => new(12);
    /// <summary>14, uint 0–4 bytes, seconds, default 60.</summary>
    public static OptionNumber MaxAge => new(14);
    /// <summary>15, string 0–255 bytes, repeatable.</summary>
    public static OptionNumber UriQuery => new(15);
    /// <summary>17, uint 0–2 bytes.</summary>
    public static OptionNumber Accept => new(17);
    /// <summary>20, string 0–255 bytes, repeatable.</summary>
    public static OptionNumber LocationQuery => new(20);
    /// <summary>23, uint 0–3 bytes (RFC 7959).</summary>
    public static OptionNumber Block2 => new(23);
    /// <summary>27, uint 0–3 bytes (RFC 7959).</summary>
    public static OptionNumber Block1 => new(27);
    /// <summary>28, uint 0–4 bytes (RFC 7959).</summary>
    public static OptionNumber Size2 => new(28);
    /// <summary>35, string 1–1034 bytes.</summary>
    public static OptionNumber ProxyUri => new(35);
    /// <summary>39, string 1–255 bytes.</summary>
    public static OptionNumber ProxyScheme => new(39);
    /// <summary>60, uint 0–4 bytes (RFC 7252 §5.10.9).</summary>
    public static OptionNumber Size1 => new(60);
    /// <summary>252, opaque 1–40 bytes (RFC 9175).</summary>
    public static OptionNumber Echo => new(252);
    /// <summary>258, uint 0–1 byte (RFC 7967).</summary>
    public static OptionNumber NoResponse => new(258);
    /// <summary>292, opaque 0–8 bytes, repeatable (RFC 9175).</summary>
    public static OptionNumber RequestTag => new(292);

    /// <summary>The name where the option is known here, else its number.</summary>
    public override string ToString() => Value switch
    {
        1 => "If-Match",
        3 => "Uri-Host",
        4 => "ETag",
        5 => "If-None-Match",
        6 => "Observe",
        7 => "Uri-Port",
        8 => "Location-Path",
        11 => "Uri-Path",
        12 => "Content-Format",
        14 => "Max-Age",
        15 => "Uri-Query",
        17 => "Accept",
        20 => "Location-Query",
        23 => "Block2",
        27 => "Block1",
        28 => "Size2",
        35 => "Proxy-Uri",
        39 => "Proxy-Scheme",
        60 => "Size1",
        252 => "Echo",
        258 => "No-Response",
        292 => "Request-Tag",
        _ => Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
