using Starling.Dtls;

namespace Starling.Fuzz.Targets;

/// <summary>
/// The messages of a handshake (RFC 5246 §7.4, RFC 6347 §4.2, RFC 7250): the first byte says which, the rest is its body. What is read must lie inside of what
/// was there, and what the same fields write must be read again as the same.
/// </summary>
public sealed class DtlsMessageTarget : FuzzTarget
{
    private const string Hello =
        "01fefd000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00100102030405060708090a0b0c0d0e0f100006c0a8c0ae00ff0100"
        + "00350017000000360003027a7b000a00040002001700" + "0b00020100000d0004000204030013000201" + "02001c000201000000000a00080000056c6f63616c";

    public override string Name => "dtls-message";

    public override int MaxLength => 1024;

    public override IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString(Hello),
        Convert.FromHexString("02fefd000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00c0a8000009ff010001000017000000"),
        Convert.FromHexString("03feff100102030405060708090a0b0c0d0e0f10"),
        Convert.FromHexString("0b00000600000301020300"), Convert.FromHexString("8b000003010203"),
        Convert.FromHexString("0c00000300170541020304050403000430020201"), Convert.FromHexString("8c0300170441020304040300023000"),
        Convert.FromHexString("0d0140000204030000"), Convert.FromHexString("0f040300023000"),
        Convert.FromHexString("10000464657631"), Convert.FromHexString("90000464657631024142"), Convert.FromHexString("14000102030405060708090a0b"),
        Convert.FromHexString("ff0100000a00010000020000040a0b0c0d"),
    ];

    public override IReadOnlyList<byte[]> Dictionary => [[0, 0], [0xff, 0xff], [0, 23], [4, 3], [0, 54], [0, 28], [0, 13], [0xff, 1, 0, 1, 0], [0xfe, 0xfd]];

    public override int Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return 0;
        }
        var kind = input[0];
        var body = input[1..];
        return (kind << 8) | ((kind & 0x7f) switch
        {
            1 => ClientHelloOf(body),
            2 => ServerHelloOf(body),
            3 => HelloVerifyRequest.TryRead(body, out var cookie) ? Inside(body, cookie) : 0,
            11 => CertificateMessage.TryRead(kind > 0x7f ? CertificateType.RawPublicKey : CertificateType.X509, body, out var chain) ? 1 + chain.Length : 0,
            12 => ServerKeyOf(body, kind > 0x7f ? KeyExchange.EcdheEcdsa : KeyExchange.EcdhePsk),
            13 => CertificateRequest.TryRead(body, out var fits) ? fits ? 2 : 1 : 0,
            15 => CertificateVerify.TryRead(body, out var signature) ? Inside(body, signature) : 0,
            16 => ClientKeyOf(body, kind > 0x7f ? KeyExchange.EcdhePsk : KeyExchange.Psk),
            _ => FragmentsOf(body),
        });
    }

    private static int ClientHelloOf(ReadOnlySpan<byte> body)
    {
        if (!ClientHello.TryRead(body, Dialect.Datagrams, out var hello))
        {
            return ClientHello.TryReadHead(body, Dialect.Datagrams, out _, out _) ? 1 : 0;
        }
        OracleException.Require(ClientHello.TryReadHead(body, Dialect.Datagrams, out var head, out _), "A whole hello without a head.");
        OracleException.RequireSame(hello.Cookie, head.Cookie, "Cookie");
        OracleException.Require(hello.Random.Length == ClientHello.RandomSize && hello.SessionId.Length <= ClientHello.MaxSessionId, "Fields of other lengths.");
        OracleException.RequireSame(body[..hello.BeforeCookie.Length], hello.BeforeCookie, "What a cookie covers");
        return 2 | ExtensionsOf(hello.Extensions) << 2;
    }

    private static int ServerHelloOf(ReadOnlySpan<byte> body) => ServerHello.TryRead(body, out var hello) ? 2 | ExtensionsOf(hello.Extensions) << 2 : 0;

    private static int ExtensionsOf(in HelloExtensions extensions)
    {
        var terms = new HandshakeTerms();
        var outcome = 0;
        foreach (var type in Enum.GetValues<ExtensionType>())
        {
            outcome |= extensions.Has(type) ? 1 : 0;
        }
        outcome |= AgreedExtensions.TryTakeLimits(terms, new DtlsSettings(), extensions) ? 2 : 0;
        OracleException.Require((outcome & 2) == 0 || terms.MaxPlaintextOut is >= 64 and <= 16384, $"A limit of {terms.MaxPlaintextOut}.");
        outcome |= extensions.TryFind(ExtensionType.ServerName, out var names) && AgreedExtensions.TryReadName(names, out var name) && name is not null ? 4 : 0;
        outcome |= extensions.TryFind(ExtensionType.ConnectionId, out var id) && AgreedExtensions.TryTakeConnectionId(terms, id) ? 8 : 0;
        return outcome | (Groups.IsOffered(extensions) ? 16 : 0) | (SignatureAlgorithm.IsOffered(extensions) ? 32 : 0);
    }

    private static int ServerKeyOf(ReadOnlySpan<byte> body, KeyExchange exchange)
    {
        if (!ServerKeyExchange.TryRead(exchange, body, out var key))
        {
            return 0;
        }
        var written = new TlsWriter(new byte[key.Point.Length + 4]);
        ServerKeyExchange.WriteParameters(ref written, key.Point);
        OracleException.RequireSame(key.Parameters, written.Written, "Parameters");
        return 1;
    }

    private static int ClientKeyOf(ReadOnlySpan<byte> body, KeyExchange exchange)
    {
        if (!ClientKeyExchange.TryRead(exchange, body, out var key))
        {
            return 0;
        }
        var written = new TlsWriter(new byte[body.Length]);
        ClientKeyExchange.Write(ref written, exchange, key.Identity, key.Point);
        OracleException.RequireSame(body, written.Written, "Written again");
        return 1;
    }

    private static int FragmentsOf(ReadOnlySpan<byte> body)
    {
        var fragments = new Fragments(4096);
        var count = 0;
        while (!body.IsEmpty && HandshakeFragment.TryTake(ref body, out var fragment))
        {
            OracleException.Require(fragment.Offset + fragment.Bytes.Length <= fragment.Length, "A piece beyond its message.");
            count += fragments.TryKeep(fragment, count % 2 == 1) ? 1 : 0;
            count += fragments.TryTakeNext(out var whole) && whole!.Body.Length >= 0 ? 8 : 0;
        }
        return Math.Min(count, 63);
    }

    private static int Inside(ReadOnlySpan<byte> body, ReadOnlySpan<byte> part)
    {
        OracleException.Require(part.Length < body.Length, "A part as long as the whole.");
        return 1;
    }
}
