using System.Buffers.Binary;
using Starling.Coap;

namespace Starling.Interop.Tests;

/// <summary>
/// Datagrams that we sent, as a capture file (the pcap format: a file header, then a header and the packet each). Every packet gets an IPv4 and a UDP header;
/// ours come from the port of a protocol, so that any reader takes them for that.
/// </summary>
/// <param name="port">That port: 5683 is CoAP's, 5684 that of CoAP over DTLS.</param>
internal sealed class Capture(ushort port = 5683)
{
    private const int IpHeader = 20, UdpHeader = 8, RawIp = 101;
    private const ushort OtherPort = 40000;
    private readonly List<(bool Ours, byte[] Bytes)> _datagrams = [];

    /// <summary>How many datagrams were sent.</summary>
    public int Count
    {
        get
        {
            lock (_datagrams)
            {
                return _datagrams.Count;
            }
        }
    }

    /// <summary>Keeps what a trace sees us send.</summary>
    public void Listen(ProtocolTrace trace) => trace.Recorded += (_, entry) =>
    {
        if (entry is { Direction: TraceDirection.Sent, Kind: TraceKind.First or TraceKind.Retransmission, Bytes.Length: > 0 })
        {
            Add(ours: true, entry.Bytes);
        }
    };

    /// <summary>Keeps one.</summary>
    public void Add(bool ours, ReadOnlyMemory<byte> datagram)
    {
        lock (_datagrams)
        {
            _datagrams.Add((ours, datagram.ToArray()));
        }
    }

    /// <summary>Writes the file.</summary>
    public void Save(string file)
    {
        using var output = File.Create(file);
        output.Write(FileHeader());
        lock (_datagrams)
        {
            for (var i = 0; i < _datagrams.Count; i++)
            {
                output.Write(Packet(i, _datagrams[i].Ours, _datagrams[i].Bytes));
            }
        }
    }

    private static byte[] FileHeader()
    {
        var header = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2c3d4);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 65_535);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), RawIp);
        return header;
    }

    private byte[] Packet(int second, bool ours, byte[] datagram)
    {
        const int recordHeader = 16;
        var length = IpHeader + UdpHeader + datagram.Length;
        var packet = new byte[recordHeader + length];
        BinaryPrimitives.WriteInt32LittleEndian(packet, second);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(8), length);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(12), length);
        var ip = packet.AsSpan(recordHeader);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)length);
        ip[8] = 64;
        ip[9] = 17;
        ip[12] = ip[16] = 127;
        ip[15] = (byte)(ours ? 1 : 2);
        ip[19] = (byte)(ours ? 2 : 1);
        var udp = ip[IpHeader..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, ours ? port : OtherPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], ours ? OtherPort : port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(UdpHeader + datagram.Length));
        datagram.CopyTo(udp[UdpHeader..]);
        return packet;
    }
}
