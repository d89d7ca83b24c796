using System.Buffers.Binary;

namespace Starling.Dtls;

/// <summary>What can be told of a datagram before it is known whose it is: by its first record's header (RFC 6347 §4.1, RFC 9146 §4).</summary>
public static class DtlsDatagram
{
    /// <summary>Whether it begins with a ClientHello in the clear: of a new handshake, or again of one that is under way.</summary>
    public static bool IsClientHello(ReadOnlySpan<byte> datagram) =>
        datagram.Length > 13 && datagram[0] == 22 && datagram[1] == 0xfe && BinaryPrimitives.ReadUInt16BigEndian(datagram[3..]) == 0 && datagram[13] == 1;

    /// <summary>Whether it begins with a record that carries a connection id.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="length">How long connection ids are that we gave out, in bytes.</param>
    /// <param name="connectionId">The connection id.</param>
    public static bool TryReadConnectionId(ReadOnlySpan<byte> datagram, int length, out ReadOnlySpan<byte> connectionId)
    {
        var has = length > 0 && datagram.Length >= 13 + length && datagram[0] == 25 && datagram[1] == 0xfe;
        connectionId = has ? datagram.Slice(11, length) : default;
        return has;
    }
}
