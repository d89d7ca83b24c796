namespace Starling.Dtls;

/// <summary>
/// ServerKeyExchange: the server's part of the premaster secret.
/// <code>
/// PSK        hint&lt;0..2^16-1&gt;                                            RFC 4279 §2; sent only with a hint
/// ECDHE_PSK  hint&lt;0..2^16-1&gt; curve_type(1) curve(2) point&lt;1..2^8-1&gt;    RFC 5489 §2
/// ECDHE      curve_type(1) curve(2) point&lt;1..2^8-1&gt; algorithm(2) signature&lt;0..2^16-1&gt;   RFC 8422 §5.4
/// </code>
/// </summary>
internal readonly ref struct ServerKeyExchange
{
    private const int MaxSize = 256;

    /// <summary>curve_type, curve and point: what the signature covers after the two randoms.</summary>
    public ReadOnlySpan<byte> Parameters { get; private init; }

    public ReadOnlySpan<byte> Point { get; private init; }

    public ReadOnlySpan<byte> Signature { get; private init; }

    /// <summary>Reads the message. Another curve or algorithm than ours is an error: only ours were offered.</summary>
    public static bool TryRead(KeyExchange exchange, ReadOnlySpan<byte> body, out ServerKeyExchange message)
    {
        message = default;
        var reader = new TlsReader(body);
        if (exchange != KeyExchange.EcdheEcdsa && !reader.TryReadVector16(out _))
        {
            return false;
        }
        if (exchange == KeyExchange.Psk)
        {
            return reader.IsAtEnd;
        }
        var parameters = reader.Rest;
        if (!reader.TryReadByte(out var type) || !reader.TryReadUInt16(out var curve) || !reader.TryReadVector8(out var point)
            || type != Groups.NamedCurve || curve != Groups.Secp256r1)
        {
            return false;
        }
        parameters = parameters[..^reader.Rest.Length];
        ReadOnlySpan<byte> signature = default;
        var read = exchange == KeyExchange.EcdhePsk || (SignatureAlgorithm.TryReadSignature(ref reader, out signature));
        message = new ServerKeyExchange { Parameters = parameters, Point = point, Signature = signature };
        return read && reader.IsAtEnd;
    }

    /// <summary>Sends a key, signed where the suite has it so.</summary>
    public static void Send(Handshake handshake, ReadOnlySpan<byte> point, ReadOnlySpan<byte> signature)
    {
        var writer = new TlsWriter(stackalloc byte[MaxSize]);
        if (handshake.Terms.Exchange == KeyExchange.EcdhePsk)
        {
            writer.Vector16(default);   // no hint
        }
        WriteParameters(ref writer, point);
        if (handshake.Terms.Exchange == KeyExchange.EcdheEcdsa)
        {
            SignatureAlgorithm.WriteSignature(ref writer, signature);
        }
        handshake.Send(HandshakeType.ServerKeyExchange, writer.Written);
    }

    /// <summary>Writes curve_type, curve and point.</summary>
    public static void WriteParameters(ref TlsWriter writer, ReadOnlySpan<byte> point)
    {
        writer.Byte(Groups.NamedCurve);
        writer.UInt16(Groups.Secp256r1);
        writer.Vector8(point);
    }
}
