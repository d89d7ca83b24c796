using System.Buffers;
using System.Buffers.Binary;

namespace Starling.Dtls;

/// <summary>A server's door: answers first hellos with a cookie before any state exists (RFC 6347 §4.2.1). Safe from several threads.</summary>
/// <param name="settings">How sessions are made.</param>
/// <param name="own">Our keys.</param>
/// <param name="cookies">Makes and checks cookies.</param>
/// <param name="cache">Sessions that may be taken up again; null: none may.</param>
public sealed class DtlsAcceptor(DtlsSettings settings, DtlsOwnKeys own, CookieKeys cookies, DtlsSessionCache? cache = null)
{
    /// <summary>
    /// Takes the first datagram of an address without a session, or one that holds a ClientHello. Never sends more than it received.
    /// </summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="path">Where it came from.</param>
    /// <param name="address">The peer's address and port as bytes, at most 255, as the cookie proves them.</param>
    /// <param name="now">Milliseconds on the caller's clock, which never goes back.</param>
    /// <param name="output">Where answers go.</param>
    public AcceptResult Answer(ReadOnlySpan<byte> datagram, PathId path, ReadOnlySpan<byte> address, long now, IDtlsOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!TryReadHello(datagram, out var header, out var fragment, out var hello))
        {
            return new AcceptResult(AcceptOutcome.Ignored, null);
        }
        if (!cookies.IsGood(address, hello, now))
        {
            RequestCookie(header, fragment.Sequence, hello, path, address, now, output);
            return new AcceptResult(AcceptOutcome.Answered, null);
        }
        var connection = Connection12.Accept(settings, new ServerSide(own, cache), new FirstHello(hello.Random, fragment.Sequence, header.Sequence), path, now);
        TakeIn(connection, datagram, path, now, output);
        return new AcceptResult(AcceptOutcome.Accepted, connection);
    }

    // The hello's first fragment must reach to the cookie: nothing is kept to wait for more.
    private static bool TryReadHello(ReadOnlySpan<byte> datagram, out RecordHeader header, out HandshakeFragment fragment, out ClientHello hello)
    {
        fragment = default;
        hello = default;
        if (!RecordHeader.TryRead(datagram, 0, out header) || header.Type != ContentType.Handshake || header.Epoch != 0)
        {
            return false;
        }
        var record = datagram.Slice(header.Length, header.Fragment);
        return HandshakeFragment.TryTake(ref record, out fragment) && fragment is { Type: HandshakeType.ClientHello, Offset: 0 }
            && ClientHello.TryReadHead(fragment.Bytes, Dialect.Datagrams, out hello, out _);
    }

    // Record and message carry the numbers of those that they answer: nothing was counted here (RFC 6347 §4.2.1).
    private void RequestCookie(
        in RecordHeader asked, ushort message, in ClientHello hello, PathId path, ReadOnlySpan<byte> address, long now, IDtlsOutput output)
    {
        Span<byte> cookie = stackalloc byte[CookieKeys.Size];
        cookies.Make(address, hello, now, cookie);
        var body = new TlsWriter(stackalloc byte[3 + CookieKeys.Size]);
        HelloVerifyRequest.Write(ref body, cookie);
        Span<byte> datagram = stackalloc byte[RecordHeader.Size + HandshakeFragment.HeaderSize + body.Written.Length];
        var at = RecordHeader.Write(datagram, ContentType.Handshake, asked.Number, default, datagram.Length - RecordHeader.Size);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[1..], ProtocolVersion.Dtls10);
        HandshakeFragment.WriteHeader(datagram[at..], HandshakeType.HelloVerifyRequest, body.Written.Length, message, 0, body.Written.Length);
        body.Written.CopyTo(datagram[(at + HandshakeFragment.HeaderSize)..]);
        output.Emit(datagram, path);
    }

    private static void TakeIn(Connection12 connection, ReadOnlySpan<byte> datagram, PathId path, long now, IDtlsOutput output)
    {
        var copy = ArrayPool<byte>.Shared.Rent(datagram.Length);
        datagram.CopyTo(copy);
        for (var rest = copy.AsSpan(0, datagram.Length); !rest.IsEmpty;)
        {
            rest = rest[connection.Receive(rest, path, now, output, out _)..];
        }
        ArrayPool<byte>.Shared.Return(copy);
    }
}
