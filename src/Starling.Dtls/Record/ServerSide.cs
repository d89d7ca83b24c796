using System.Buffers.Binary;

namespace Starling.Dtls;

/// <summary>What a server makes handshakes with.</summary>
/// <param name="Own">Our keys.</param>
/// <param name="Cache">Sessions that may be taken up again.</param>
internal sealed record ServerSide(DtlsOwnKeys Own, DtlsSessionCache? Cache);

/// <summary>What is known of a hello whose cookie was good: from its numbers ours go on (RFC 6347 §4.2.1).</summary>
internal readonly struct FirstHello(ReadOnlySpan<byte> random, ushort message, ulong record)
{
    /// <summary>By this a copy of the hello is told from the hello of another handshake.</summary>
    public uint Mark { get; } = MarkOf(random);

    public ushort Message { get; } = message;

    public ulong Record { get; } = record;

    /// <summary>Whether a plain record holds the hello of another handshake than the one with this mark.</summary>
    public static bool IsAnother(ReadOnlySpan<byte> content, uint mark) =>
        HandshakeFragment.TryTake(ref content, out var fragment) && fragment is { Type: HandshakeType.ClientHello, Offset: 0 }
        && ClientHello.TryReadHead(fragment.Bytes, Dialect.Datagrams, out var hello, out _) && MarkOf(hello.Random) != mark;

    /// <summary>The last bytes of a client's random. The first are its clock (RFC 5246 §7.4.1.2), and a device's often begins with each start: the same second comes again.</summary>
    public static uint MarkOf(ReadOnlySpan<byte> random) => BinaryPrimitives.ReadUInt32BigEndian(random[^sizeof(uint)..]);
}
