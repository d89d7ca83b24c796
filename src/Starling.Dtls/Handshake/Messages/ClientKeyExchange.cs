namespace Starling.Dtls;

/// <summary>
/// ClientKeyExchange: the client's part of the premaster secret. What is in it depends on the suite.
/// <code>
/// PSK        identity&lt;0..2^16-1&gt;                          RFC 4279 §2
/// ECDHE_PSK  identity&lt;0..2^16-1&gt; point&lt;1..2^8-1&gt;         RFC 5489 §2
/// ECDHE      point&lt;1..2^8-1&gt;                              RFC 8422 §5.7
/// </code>
/// </summary>
internal readonly ref struct ClientKeyExchange
{
    public ReadOnlySpan<byte> Identity { get; private init; }

    public ReadOnlySpan<byte> Point { get; private init; }

    public static bool TryRead(KeyExchange exchange, ReadOnlySpan<byte> body, out ClientKeyExchange message)
    {
        var reader = new TlsReader(body);
        ReadOnlySpan<byte> identity = default;
        ReadOnlySpan<byte> point = default;
        var read = (exchange == KeyExchange.EcdheEcdsa || reader.TryReadVector16(out identity))
            && (exchange == KeyExchange.Psk || reader.TryReadVector8(out point)) && reader.IsAtEnd;
        message = new ClientKeyExchange { Identity = identity, Point = point };
        return read;
    }

    public static void Write(ref TlsWriter writer, KeyExchange exchange, ReadOnlySpan<byte> identity, ReadOnlySpan<byte> point)
    {
        if (exchange != KeyExchange.EcdheEcdsa)
        {
            writer.Vector16(identity);
        }
        if (exchange != KeyExchange.Psk)
        {
            writer.Vector8(point);
        }
    }
}
