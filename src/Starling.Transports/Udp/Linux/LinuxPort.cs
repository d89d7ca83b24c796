using Starling.Coap;

namespace Starling.Transports;

/// <summary>One socket of a channel at the loop that receives for it.</summary>
internal sealed unsafe class LinuxPort
{
    private const int AddressSize = 32;
    private readonly UdpInlet _inlet;

    public LinuxPort(LinuxSocket socket, LinuxLoop loop, UdpInlet inlet)
    {
        Socket = socket;
        Loop = loop;
        _inlet = inlet;
        Descriptor = socket.Descriptor;
    }

    public LinuxSocket Socket { get; }

    public LinuxLoop Loop { get; }

    /// <summary>For the loop's thread only: the socket is not closed while a loop has it.</summary>
    public int Descriptor { get; }

    public UdpCounters Counters => _inlet.Counters;

    /// <summary>The loop's own name for it.</summary>
    public int Slot { get; set; }

    public void Deliver(ReceiveBatch batch, int count)
    {
        long bytes = 0;
        var taken = 0;
        for (var i = 0; i < count; i++)
        {
            if (batch.IsTruncated(i))
            {
                Counters.AddOversized();
                continue;
            }
            if (!UdpAddress.TryRead(batch.Address(i), Socket.IsV6, out var from))
            {
                Counters.AddUnanswerable();
                continue;
            }
            if (Socket.IsWildcard && PacketAddress.TryRead(batch.Control(i), Socket.IsV6, out var high, out var low))
            {
                from = from.WithLocal(_inlet.Locals.NumberOf(high, low));
            }
            var datagram = batch.Datagram(i);
            bytes += datagram.Length;
            taken++;
            _inlet.Deliver(from, datagram);
        }
        Counters.AddReceived(taken, bytes);
    }

    /// <summary>Sends on the calling thread.</summary>
    public SendOutcome SendNow(in UdpAddress to, ReadOnlySpan<byte> datagram)
    {
        var address = stackalloc byte[AddressSize];
        var control = stackalloc byte[PacketAddress.Size];
        fixed (byte* bytes = datagram)
        {
            var vector = new Libc.IoVector { Base = bytes, Length = (nuint)datagram.Length };
            var header = new Libc.MessageHeader { Name = address, Vectors = &vector, VectorCount = 1 };
            WriteHeader(ref header, to, control);
            while (Libc.SendMsg(Socket, &header, Libc.MsgDontwait | Libc.MsgNosignal) < 0)
            {
                switch (Libc.LastError)
                {
                    case Libc.Eintr:
                        continue;
                    case Libc.Eagain or Libc.Enobufs:
                        Counters.AddSendsDropped(1);
                        return SendOutcome.Dropped;
                    default:
                        Counters.AddSendError();
                        return SendOutcome.Dropped;
                }
            }
        }
        Counters.AddSent(1, datagram.Length);
        return SendOutcome.Sent;
    }

    /// <summary>Fills in where a message goes and from which of our addresses.</summary>
    public void WriteHeader(ref Libc.MessageHeader header, in UdpAddress to, byte* control)
    {
        *(ushort*)header.Name = (ushort)(Socket.IsV6 ? Libc.AfInet6 : Libc.AfInet);
        header.NameLength = (uint)to.Write(new Span<byte>(header.Name, AddressSize), Socket.IsV6);
        if (to.Local == 0)
        {
            header.Control = null;
            header.ControlLength = 0;
            return;
        }
        var (high, low) = _inlet.Locals[to.Local];
        header.Control = control;
        header.ControlLength = (nuint)PacketAddress.Write(new Span<byte>(control, PacketAddress.Size), Socket.IsV6, high, low);
    }
}
