namespace Starling.Coap;

/// <summary>A content format (IANA CoAP Content-Formats). Unknown numbers pass through.</summary>
public readonly record struct ContentFormat(ushort Value)
{
    /// <summary>0, text/plain;charset=utf-8.</summary>
    public static ContentFormat Text => new(0);
    /// <summary>40, application/link-format (RFC 6690).</summary>
    public static ContentFormat LinkFormat => new(40);
    /// <summary>42, application/octet-stream.</summary>
    public static ContentFormat OctetStream => new(42);
    /// <summary>60, application/cbor.</summary>
    public static ContentFormat Cbor => new(60);
    /// <summary>110, application/senml+json (RFC 8428).</summary>
    public static ContentFormat SenmlJson => new(110);
    /// <summary>112, application/senml+cbor (RFC 8428).</summary>
    public static ContentFormat SenmlCbor => new(112);
    /// <summary>320, application/senml-etch+json (RFC 8790).</summary>
    public static ContentFormat SenmlEtchJson => new(320);
    /// <summary>322, application/senml-etch+cbor (RFC 8790).</summary>
    public static ContentFormat SenmlEtchCbor => new(322);
    /// <summary>11542, application/vnd.oma.lwm2m+tlv.</summary>
    public static ContentFormat Tlv => new(11542);
    /// <summary>11543, application/vnd.oma.lwm2m+json.</summary>
    public static ContentFormat Lwm2mJson => new(11543);
    /// <summary>11544, application/vnd.oma.lwm2m+cbor.</summary>
    public static ContentFormat Lwm2mCbor => new(11544);

    /// <summary>The registered name where it is one that LwM2M uses, else the number.</summary>
    public override string ToString() => Value switch
    {
        0 => "text/plain",
        40 => "application/link-format",
        42 => "application/octet-stream",
        60 => "application/cbor",
        110 => "application/senml+json",
        112 => "application/senml+cbor",
        320 => "application/senml-etch+json",
        322 => "application/senml-etch+cbor",
        11542 => "application/vnd.oma.lwm2m+tlv",
        11543 => "application/vnd.oma.lwm2m+json",
        11544 => "application/vnd.oma.lwm2m+cbor",
        _ => Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
