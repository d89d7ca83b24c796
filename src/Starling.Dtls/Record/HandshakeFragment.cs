using System.Buffers.Binary;

namespace Starling.Dtls;

/// <summary>
/// A piece of a handshake message (RFC 6347 §4.2.2):
/// <code>
/// msg_type(1) length(3) message_seq(2) fragment_offset(3) fragment_length(3) fragment
/// </code>
/// </summary>
internal readonly ref struct HandshakeFragment
{
    /// <summary>The header's size.</summary>
    public const int HeaderSize = 12;

    public HandshakeType Type { get; private init; }

    /// <summary>The whole message's length.</summary>
    public int Length { get; private init; }

    public ushort Sequence { get; private init; }

    public int Offset { get; private init; }

    public ReadOnlySpan<byte> Bytes { get; private init; }

    public bool IsWhole => Bytes.Length == Length;

    /// <summary>Takes the next piece of a record. False when lengths contradict each other: the rest of the record is lost.</summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> record, out HandshakeFragment fragment)
    {
        fragment = default;
        var reader = new TlsReader(record);
        if (!reader.TryReadByte(out var type) || !reader.TryReadUInt24(out var length) || !reader.TryReadUInt16(out var sequence)
            || !reader.TryReadUInt24(out var offset) || !reader.TryReadVector24(out var bytes) || offset > length - bytes.Length
            || (bytes.IsEmpty && length > 0))
        {
            return false;
        }
        fragment = new HandshakeFragment { Type = (HandshakeType)type, Length = length, Sequence = sequence, Offset = offset, Bytes = bytes };
        record = reader.Rest;
        return true;
    }

    /// <summary>Writes the header of a piece; with all of the message in it, it is also what stands in the transcript (§4.2.6).</summary>
    public static void WriteHeader(Span<byte> destination, HandshakeType type, int length, ushort sequence, int offset, int count)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)type << 24) | (uint)length);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], sequence);
        destination[6] = (byte)(offset >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(destination[7..], (ushort)offset);
        destination[9] = (byte)(count >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], (ushort)count);
    }
}
