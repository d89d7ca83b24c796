using System.Runtime.InteropServices;

namespace Starling.Transports;

/// <summary>
/// The datagrams that a receiving thread sends while it works on what it received; one <c>sendmmsg</c> takes them all. Used by that thread alone.
/// </summary>
internal sealed unsafe class SendBatch : IDisposable
{
    private const int AddressSize = 32;

    private readonly int _size;
    private readonly int _datagramSize;
    private readonly Libc.MessageHeaderEx* _messages;
    private readonly Libc.IoVector* _vectors;
    private readonly byte* _addresses;
    private readonly byte* _controls;
    private readonly byte* _datagrams;
    private LinuxPort? _port;
    private int _count;

    public SendBatch(int size, int datagramSize)
    {
        _size = size;
        _datagramSize = datagramSize;
        _messages = (Libc.MessageHeaderEx*)NativeMemory.AllocZeroed((nuint)size, (nuint)sizeof(Libc.MessageHeaderEx));
        _vectors = (Libc.IoVector*)NativeMemory.AllocZeroed((nuint)size, (nuint)sizeof(Libc.IoVector));
        _addresses = (byte*)NativeMemory.AllocZeroed((nuint)size, AddressSize);
        _controls = (byte*)NativeMemory.AllocZeroed((nuint)size, PacketAddress.Size);
        _datagrams = (byte*)NativeMemory.AllocZeroed((nuint)size, (nuint)datagramSize);
        for (var i = 0; i < size; i++)
        {
            _vectors[i].Base = _datagrams + ((nint)i * datagramSize);
            ref var header = ref _messages[i].Header;
            header.Vectors = _vectors + i;
            header.VectorCount = 1;
            header.Name = _addresses + (i * AddressSize);
        }
    }

    /// <summary>Copies a datagram into the batch; false when it is too large for it.</summary>
    public bool TryAdd(LinuxPort port, in UdpAddress to, ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > _datagramSize)
        {
            return false;
        }
        if (_count == _size || (_port != port && _count > 0))
        {
            Flush();
        }
        _port = port;
        var i = _count++;
        datagram.CopyTo(new Span<byte>(_vectors[i].Base, _datagramSize));
        _vectors[i].Length = (nuint)datagram.Length;
        port.WriteHeader(ref _messages[i].Header, to, _controls + (i * PacketAddress.Size));
        return true;
    }

    /// <summary>Hands all to the system. What it has no room for is dropped: a send never waits.</summary>
    public void Flush()
    {
        if (_count == 0)
        {
            return;
        }
        var counters = _port!.Counters;
        var at = 0;
        while (at < _count)
        {
            var sent = Libc.SendMmsg(_port.Descriptor, _messages + at, (uint)(_count - at), Libc.MsgDontwait | Libc.MsgNosignal);
            if (sent > 0)
            {
                counters.AddSent(sent, BytesOf(at, sent));
                at += sent;
            }
            else if (Libc.LastError is Libc.Eagain or Libc.Enobufs)
            {
                counters.AddSendsDropped(_count - at);
                break;
            }
            else if (Libc.LastError != Libc.Eintr)
            {
                counters.AddSendError();
                at++;
            }
        }
        _count = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_datagrams);
    }

    private long BytesOf(int from, int count)
    {
        long bytes = 0;
        for (var i = from; i < from + count; i++)
        {
            bytes += (long)_vectors[i].Length;
        }
        return bytes;
    }
}
