using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Starling.Transports;

/// <summary>
/// Who speaks with whom, in 24 bytes: the remote address (IPv4 as <c>::ffff:a.b.c.d</c>), its scope and port, and which of our
/// addresses it uses. 0 is no address in particular.
/// </summary>
internal readonly struct UdpAddress(ulong high, ulong low, ulong rest) : IEquatable<UdpAddress>
{
    private const ulong MappedPrefix = 0xffff_0000_0000;
    private const int SizeV4 = 16;
    private const int SizeV6 = 28;

    public readonly ulong High = high;
    public readonly ulong Low = low;

    /// <summary>Scope (32 bits), port (16), number of the local address (16).</summary>
    public readonly ulong Rest = rest;

    public ushort Port => (ushort)(Rest >> 16);
    public ushort Local => (ushort)Rest;
    public uint Scope => (uint)(Rest >> 32);
    public bool IsIPv4 => High == 0 && Low >> 32 == 0xffff;

    public UdpAddress WithLocal(ushort local) => new(High, Low, (Rest & ~0xffffUL) | local);

    public static UdpAddress From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        var scope = address.AddressFamily == AddressFamily.InterNetworkV6 ? (ulong)address.ScopeId : 0;
        return new UdpAddress(
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), (scope << 32) | ((ulong)port << 16));
    }

    /// <summary>Reads what <see cref="ToString"/> writes; false for what is no address of one host and port.</summary>
    public static bool TryParse(string text, out UdpAddress result)
    {
        var isAddress = IPEndPoint.TryParse(text.AsSpan(), out var end) && end.Port != 0;
        result = isAddress ? From(end!.Address, end.Port) : default;
        return isAddress;
    }

    /// <summary>Reads a socket address of the system; false for one that is no IP address or has port 0, which nobody can answer.</summary>
    public static bool TryRead(ReadOnlySpan<byte> address, bool isV6, out UdpAddress result)
    {
        result = default;
        if (address.Length < (isV6 ? SizeV6 : SizeV4))
        {
            return false;
        }
        ulong port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        result = isV6
            ? new UdpAddress(
                BinaryPrimitives.ReadUInt64BigEndian(address[8..]),
                BinaryPrimitives.ReadUInt64BigEndian(address[16..]),
                ((ulong)BitConverter.ToUInt32(address[24..]) << 32) | (port << 16))
            : new UdpAddress(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(address[4..]), port << 16);
        return port != 0;
    }

    /// <summary>Writes what the system takes behind the two bytes of the family, which are the caller's.</summary>
    /// <returns>The size of the socket address.</returns>
    public int Write(Span<byte> address, bool isV6)
    {
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], Port);
        if (!isV6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(address[4..], (uint)Low);
            address[8..SizeV4].Clear();
            return SizeV4;
        }
        address[4..8].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(address[8..], High);
        BinaryPrimitives.WriteUInt64BigEndian(address[16..], Low);
        BitConverter.TryWriteBytes(address[24..], Scope);
        return SizeV6;
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, Scope);
    }

    public override string ToString() => new IPEndPoint(ToIPAddress(), Port).ToString();

    public bool Equals(UdpAddress other) => High == other.High && Low == other.Low && Rest == other.Rest;

    public override bool Equals(object? obj) => obj is UdpAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(High, Low, Rest);
}
