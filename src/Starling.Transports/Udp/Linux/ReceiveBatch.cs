using System.Runtime.InteropServices;

namespace Starling.Transports;

/// <summary>The memory into which one <c>recvmmsg</c> receives: outside the heap, made once a thread.</summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    private const int AddressSize = 32;

    private readonly int _count;
    private readonly int _datagramSize;
    private readonly Libc.MessageHeaderEx* _messages;
    private readonly Libc.IoVector* _vectors;
    private readonly byte* _addresses;
    private readonly byte* _controls;
    private readonly byte* _datagrams;

    public ReceiveBatch(int count, int datagramSize)
    {
        _count = count;
        _datagramSize = datagramSize;
        _messages = (Libc.MessageHeaderEx*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(Libc.MessageHeaderEx));
        _vectors = (Libc.IoVector*)NativeMemory.AllocZeroed((nuint)count, (nuint)sizeof(Libc.IoVector));
        _addresses = (byte*)NativeMemory.AllocZeroed((nuint)count, AddressSize);
        _controls = (byte*)NativeMemory.AllocZeroed((nuint)count, PacketAddress.Size);
        _datagrams = (byte*)NativeMemory.AllocZeroed((nuint)count, (nuint)datagramSize);
        for (var i = 0; i < count; i++)
        {
            _vectors[i] = new Libc.IoVector { Base = _datagrams + ((nint)i * datagramSize), Length = (nuint)datagramSize };
            ref var header = ref _messages[i].Header;
            header.Vectors = _vectors + i;
            header.VectorCount = 1;
            header.Name = _addresses + (i * AddressSize);
        }
    }

    public int Size => _count;

    /// <summary>Takes what is there without waiting.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="withLocal">Whether the socket tells to which of our addresses datagrams came.</param>
    /// <returns>How many datagrams; negative on an error.</returns>
    public int Receive(int descriptor, bool withLocal)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var header = ref _messages[i].Header;
            header.NameLength = AddressSize;
            header.Control = withLocal ? _controls + (i * PacketAddress.Size) : null;
            header.ControlLength = withLocal ? (nuint)PacketAddress.Size : 0;
        }
        return Libc.RecvMmsg(descriptor, _messages, (uint)_count, Libc.MsgDontwait, null);
    }

    public Span<byte> Datagram(int i) => new(_vectors[i].Base, (int)Math.Min(_messages[i].Length, (uint)_datagramSize));

    public bool IsTruncated(int i) => (_messages[i].Header.Flags & Libc.MsgTrunc) != 0;

    public ReadOnlySpan<byte> Address(int i) => new(_messages[i].Header.Name, (int)Math.Min(_messages[i].Header.NameLength, AddressSize));

    public ReadOnlySpan<byte> Control(int i) => new(_messages[i].Header.Control, (int)_messages[i].Header.ControlLength);

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_addresses);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_datagrams);
    }
}
