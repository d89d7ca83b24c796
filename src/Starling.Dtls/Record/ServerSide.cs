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

    /// <summary>The first bytes of a client's random.</summary>
    public static uint MarkOf(ReadOnlySpan<byte> random) => BinaryPrimitives.ReadUInt32BigEndian(random);
}
