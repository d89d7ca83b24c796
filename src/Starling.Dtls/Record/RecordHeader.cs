using System.Buffers.Binary;

namespace Starling.Dtls;

/// <summary>
/// The header of a record (RFC 6347 §4.1; with the connection id RFC 9146 §4):
/// <code>
/// type(1) version(2) epoch(2) sequence_number(6) [cid(n)] length(2) fragment
/// </code>
/// </summary>
internal readonly struct RecordHeader
{
    /// <summary>The size without a connection id.</summary>
    public const int Size = 13;

    private const int ConnectionIdOffset = 11;
    private const int SequenceBits = 48;

    public ContentType Type { get; private init; }

    public ushort Version { get; private init; }

    /// <summary>Epoch and sequence number in one: what nonces and additional data hold.</summary>
    public ulong Number { get; private init; }

    /// <summary>How long the header is.</summary>
    public int Length { get; private init; }

    /// <summary>How long the fragment is that follows it.</summary>
    public int Fragment { get; private init; }

    public ushort Epoch => (ushort)(Number >> SequenceBits);

    public ulong Sequence => Number & ((1UL << SequenceBits) - 1);

    /// <summary>The highest sequence number of an epoch; a session ends before it wraps (RFC 6347 §4.1).</summary>
    public const ulong MaxSequence = (1UL << SequenceBits) - 1;

    /// <summary>Puts epoch and sequence number together.</summary>
    public static ulong NumberOf(int epoch, ulong sequence) => ((ulong)epoch << SequenceBits) | sequence;

    /// <summary>Reads the header of a record that lies there whole, in a version of DTLS.</summary>
    /// <param name="bytes">What is left of the datagram.</param>
    /// <param name="connectionId">How long connection ids to us are.</param>
    /// <param name="header">The header.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int connectionId, out RecordHeader header)
    {
        header = default;
        if (bytes.Length < Size || bytes[1] != 0xfe)
        {
            return false;
        }
        var type = (ContentType)bytes[0];
        var length = Size + (type == ContentType.ConnectionId ? connectionId : 0);
        if (bytes.Length < length)
        {
            return false;
        }
        header = new RecordHeader
        {
            Type = type,
            Version = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]),
            Number = BinaryPrimitives.ReadUInt64BigEndian(bytes[3..]),
            Length = length,
            Fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[(length - 2)..]),
        };
        return header.Fragment <= bytes.Length - length;
    }

    /// <summary>Whether a record is for who gave out a connection id: it carries that one, or is of the kind that carries none.</summary>
    public bool IsFor(ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> record) =>
        Type == ContentType.ConnectionId
            ? !connectionId.IsEmpty && record.Slice(ConnectionIdOffset, connectionId.Length).SequenceEqual(connectionId)
            : connectionId.IsEmpty || Epoch == 0;

    /// <summary>Writes a header and returns its length.</summary>
    public static int Write(Span<byte> destination, ContentType type, ulong number, ReadOnlySpan<byte> connectionId, int fragment)
    {
        destination[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], ProtocolVersion.Dtls12);
        BinaryPrimitives.WriteUInt64BigEndian(destination[3..], number);
        connectionId.CopyTo(destination[ConnectionIdOffset..]);
        var length = Size + connectionId.Length;
        BinaryPrimitives.WriteUInt16BigEndian(destination[(length - 2)..], (ushort)fragment);
        return length;
    }

    /// <summary>
    /// The additional data of a record's protection, up to the length that the cipher adds.
    /// <code>
    /// epoch_seq(8) type(1) version(2)                                                      RFC 5246 §6.2.3.3
    /// ff*8 tls12_cid(1) cid_length(1) tls12_cid(1) version(2) epoch_seq(8) cid(n)          RFC 9146 §5.3
    /// </code>
    /// </summary>
    public static int WriteAdditional(Span<byte> destination, ContentType type, ulong number, ReadOnlySpan<byte> connectionId)
    {
        if (type != ContentType.ConnectionId)
        {
            BinaryPrimitives.WriteUInt64BigEndian(destination, number);
            destination[8] = (byte)type;
            BinaryPrimitives.WriteUInt16BigEndian(destination[9..], ProtocolVersion.Dtls12);
            return 11;
        }
        destination[..8].Fill(0xff);
        destination[8] = (byte)type;
        destination[9] = (byte)connectionId.Length;
        destination[10] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[11..], ProtocolVersion.Dtls12);
        BinaryPrimitives.WriteUInt64BigEndian(destination[13..], number);
        connectionId.CopyTo(destination[21..]);
        return 21 + connectionId.Length;
    }

    /// <summary>The longest additional data.</summary>
    public const int MaxAdditional = 21 + byte.MaxValue;
}
