namespace Starling.Dtls;

/// <summary>
/// ServerHello (RFC 5246 §7.4.1.3): what the server chose.
/// <code>
/// version(2) random(32) session_id&lt;0..32&gt; cipher_suite(2) compression_method(1) extensions&lt;0..2^16-1&gt;
/// </code>
/// </summary>
internal readonly ref struct ServerHello
{
    public ushort Version { get; private init; }

    public ReadOnlySpan<byte> Random { get; private init; }

    public ReadOnlySpan<byte> SessionId { get; private init; }

    public CipherSuite Suite { get; private init; }

    public byte Compression { get; private init; }

    public HelloExtensions Extensions { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> body, out ServerHello hello)
    {
        hello = default;
        var reader = new TlsReader(body);
        if (!reader.TryReadUInt16(out var version) || !reader.TryTake(ClientHello.RandomSize, out var random)
            || !reader.TryReadVector8(out var session) || session.Length > ClientHello.MaxSessionId
            || !reader.TryReadUInt16(out var suite) || !reader.TryReadByte(out var compression) || !HelloExtensions.TryRead(reader.Rest, out var extensions))
        {
            return false;
        }
        hello = new ServerHello
        {
            Version = version,
            Random = random,
            SessionId = session,
            Suite = new CipherSuite(suite),
            Compression = compression,
            Extensions = extensions,
        };
        return true;
    }
}
