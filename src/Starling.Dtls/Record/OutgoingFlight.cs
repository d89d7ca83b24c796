using System.Buffers;
using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>
/// The messages of one flight of ours, kept to be sent again (RFC 6347 §4.2.4): each time in records with new numbers, packed into as few datagrams as the
/// budget allows, messages cut into fragments where they do not fit.
/// </summary>
internal sealed class OutgoingFlight : IDisposable
{
    private const int LeastPiece = 32;    // less of a message is not worth a record of its own at the end of a datagram
    private readonly List<Item> _items = [];

    /// <summary>Whether messages from here on are under the new keys.</summary>
    public bool IsProtected { get; private set; }

    public bool IsEmpty => _items.Count == 0;

    /// <summary>Adds a message with its header, as it stands in the transcript.</summary>
    public void Add(HandshakeType type, ushort sequence, byte[] framed) => _items.Add(new Item(type, sequence, framed, IsProtected));

    /// <summary>Adds a ChangeCipherSpec.</summary>
    public void AddChange()
    {
        _items.Add(new Item(default, 0, null, false));
        IsProtected = true;
    }

    /// <summary>Begins a new flight.</summary>
    public void Clear()
    {
        Dispose();
        _items.Clear();
    }

    /// <summary>Sends all of it.</summary>
    public void Transmit(RecordPacker packer)
    {
        foreach (var item in _items)
        {
            if (item.Framed is null)
            {
                packer.WritePlain(ContentType.ChangeCipherSpec, [1]);
                continue;
            }
            TransmitMessage(packer, item, item.Framed.AsSpan(HandshakeFragment.HeaderSize));
        }
        packer.Flush();
    }

    private static void TransmitMessage(RecordPacker packer, Item item, ReadOnlySpan<byte> body)
    {
        var offset = 0;
        do
        {
            var left = body.Length - offset;
            var room = packer.RoomFor(item.IsProtected, Math.Min(left, LeastPiece) + HandshakeFragment.HeaderSize) - HandshakeFragment.HeaderSize;
            var count = Math.Min(left, room);
            var piece = ArrayPool<byte>.Shared.Rent(HandshakeFragment.HeaderSize + count);
            var bytes = piece.AsSpan(0, HandshakeFragment.HeaderSize + count);
            HandshakeFragment.WriteHeader(bytes, item.Type, body.Length, item.Sequence, offset, count);
            body.Slice(offset, count).CopyTo(bytes[HandshakeFragment.HeaderSize..]);
            packer.Write(item.IsProtected, ContentType.Handshake, bytes);
            ArrayPool<byte>.Shared.Return(piece);
            offset += count;
        }
        while (offset < body.Length);
    }

    public void Dispose()
    {
        foreach (var item in _items)
        {
            CryptographicOperations.ZeroMemory(item.Framed);
        }
    }

    // Without bytes: a ChangeCipherSpec.
    private sealed record Item(HandshakeType Type, ushort Sequence, byte[]? Framed, bool IsProtected);
}
