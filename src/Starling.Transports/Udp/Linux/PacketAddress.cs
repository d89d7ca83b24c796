using System.Buffers.Binary;

namespace Starling.Transports;

/// <summary>
/// The control message that tells to which of our addresses a datagram came, and from which it shall leave
/// (IP_PKTINFO; IPV6_PKTINFO of RFC 3542 §6, which on a socket of both families speaks of mapped IPv4 addresses as well).
/// <code>
/// | length (8) | level (4) | type (4) | interface (4) | address (4) | destination (4) |    IPv4
/// | length (8) | level (4) | type (4) | address (16)  | interface (4) |                   IPv6
/// </code>
/// </summary>
internal static class PacketAddress
{
    /// <summary>Room for one control message of either kind.</summary>
    public const int Size = 64;

    private const int HeaderSize = 16;
    private const ulong MappedPrefix = 0xffff_0000_0000;

    /// <summary>Finds the address; false when there is none from which one could answer.</summary>
    public static bool TryRead(ReadOnlySpan<byte> control, bool isV6, out ulong high, out ulong low)
    {
        (high, low) = (0, 0);
        while (control.Length >= HeaderSize)
        {
            var length = (int)Math.Min(BitConverter.ToUInt64(control), (ulong)control.Length);
            var level = BitConverter.ToInt32(control[8..]);
            var type = BitConverter.ToInt32(control[12..]);
            if (!isV6 && level == Libc.IpprotoIp && type == Libc.IpPktinfo && length >= HeaderSize + 12)
            {
                // The second field is ours to answer from, also where the datagram was sent to a group.
                low = MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(control[20..]);
                return true;
            }
            if (isV6 && level == Libc.IpprotoIpv6 && type == Libc.Ipv6Pktinfo && length >= HeaderSize + 20)
            {
                high = BinaryPrimitives.ReadUInt64BigEndian(control[16..]);
                low = BinaryPrimitives.ReadUInt64BigEndian(control[24..]);
                return !IsGroup(high, low);
            }
            control = control[Math.Min(control.Length, Math.Max(HeaderSize, (length + 7) & ~7))..];
        }
        return false;
    }

    /// <summary>Writes the control message and gives its length.</summary>
    public static int Write(Span<byte> control, bool isV6, ulong high, ulong low)
    {
        var length = HeaderSize + (isV6 ? 20 : 12);
        control[..40].Clear();
        BitConverter.TryWriteBytes(control, (ulong)length);
        BitConverter.TryWriteBytes(control[8..], isV6 ? Libc.IpprotoIpv6 : Libc.IpprotoIp);
        BitConverter.TryWriteBytes(control[12..], isV6 ? Libc.Ipv6Pktinfo : Libc.IpPktinfo);
        if (isV6)
        {
            BinaryPrimitives.WriteUInt64BigEndian(control[16..], high);
            BinaryPrimitives.WriteUInt64BigEndian(control[24..], low);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(control[20..], (uint)low);
        }
        return (length + 7) & ~7;
    }

    // ff00::/8, and 224.0.0.0/4 with 255.255.255.255 in their mapped form.
    private static bool IsGroup(ulong high, ulong low) =>
        high >> 56 == 0xff || (high == 0 && low >> 32 == 0xffff && (uint)low >= 0xe0000000);
}
