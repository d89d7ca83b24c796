namespace Starling.Dtls;

/// <summary>
/// ClientHello (RFC 6347 §4.2.1; RFC 5246 §7.4.1.2, which has no cookie): what a client can and wants.
/// <code>
/// version(2) random(32) session_id&lt;0..32&gt; cookie&lt;0..255&gt; cipher_suites&lt;2..2^16-2&gt; compression_methods&lt;1..255&gt; extensions&lt;0..2^16-1&gt;
/// </code>
/// </summary>
internal readonly ref struct ClientHello
{
    public const int RandomSize = 32;
    public const int MaxSessionId = 32;

    public ushort Version { get; private init; }

    public ReadOnlySpan<byte> Random { get; private init; }

    public ReadOnlySpan<byte> SessionId { get; private init; }

    public ReadOnlySpan<byte> Cookie { get; private init; }

    /// <summary>Two bytes each.</summary>
    public ReadOnlySpan<byte> Suites { get; private init; }

    public HelloExtensions Extensions { get; private init; }

    /// <summary>What a cookie covers: everything before it. The rest may be in another fragment, which a server without state has not seen.</summary>
    public ReadOnlySpan<byte> BeforeCookie { get; private init; }

    /// <summary>Reads the whole message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, Dialect dialect, out ClientHello hello)
    {
        if (!TryReadHead(body, dialect, out hello, out var reader) || !reader.TryReadVector16(out var suites) || !reader.TryReadVector8(out var compressions)
            || suites.Length < 2 || suites.Length % 2 != 0 || !compressions.Contains((byte)0) || !HelloExtensions.TryRead(reader.Rest, out var extensions))
        {
            return false;
        }
        hello = new ClientHello
        {
            Version = hello.Version,
            Random = hello.Random,
            SessionId = hello.SessionId,
            Cookie = hello.Cookie,
            BeforeCookie = hello.BeforeCookie,
            Suites = suites,
            Extensions = extensions,
        };
        return true;
    }

    /// <summary>Reads up to and with the cookie, which a first fragment must hold.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> body, Dialect dialect, out ClientHello hello, out TlsReader rest)
    {
        hello = default;
        rest = new TlsReader(body);
        if (!rest.TryReadUInt16(out var version) || !rest.TryTake(RandomSize, out var random) || !rest.TryReadVector8(out var session) || session.Length > MaxSessionId)
        {
            return false;
        }
        var before = body[..^rest.Rest.Length];
        if (!dialect.HasCookie)
        {
            hello = new ClientHello { Version = version, Random = random, SessionId = session, BeforeCookie = before };
            return true;
        }
        if (!rest.TryReadVector8(out var cookie))
        {
            return false;
        }
        hello = new ClientHello { Version = version, Random = random, SessionId = session, BeforeCookie = before, Cookie = cookie };
        return true;
    }

    /// <summary>Whether a suite is among those offered.</summary>
    public bool Offers(CipherSuite suite)
    {
        for (var reader = new TlsReader(Suites); reader.TryReadUInt16(out var value);)
        {
            if (value == suite.Value)
            {
                return true;
            }
        }
        return false;
    }
}
