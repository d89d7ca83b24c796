using System.Buffers;
using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>Packs records into datagrams of at most the settings' size, and sends each when it is full.</summary>
internal sealed class RecordPacker(DtlsSettings settings, PlainSequence plain, WriteEpoch? write, int maxPlaintext) : IDisposable
{
    private const int LeastDatagram = 256;   // below this the shortest pieces would not fit with their headers

    private readonly int _size = Math.Max(settings.MaxDatagram, LeastDatagram);
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(settings.MaxDatagram, LeastDatagram));
    private int _used;

    public required IDtlsOutput Output { get; init; }

    public required PathId Path { get; init; }

    /// <summary>How long the next plaintext may be, at least <paramref name="least"/>: a datagram that has no room for that is sent first.</summary>
    public int RoomFor(bool isProtected, int least)
    {
        var overhead = isProtected ? write!.Overhead : RecordHeader.Size;
        if (_size - _used - overhead < least)
        {
            Flush();
        }
        return Math.Min(_size - _used - overhead, maxPlaintext);
    }

    public void Write(bool isProtected, ContentType type, ReadOnlySpan<byte> plaintext)
    {
        if (!isProtected)
        {
            WritePlain(type, plaintext);
        }
        else if (!write!.IsExhausted)
        {
            RoomFor(isProtected, plaintext.Length);
            _used += write.Seal(type, plaintext, _buffer.AsSpan(_used), settings.Random);
        }
    }

    public void WritePlain(ContentType type, ReadOnlySpan<byte> plaintext)
    {
        RoomFor(isProtected: false, plaintext.Length);
        _used += RecordHeader.Write(_buffer.AsSpan(_used), type, RecordHeader.NumberOf(0, plain.Take()), default, plaintext.Length);
        plaintext.CopyTo(_buffer.AsSpan(_used));
        _used += plaintext.Length;
    }

    /// <summary>Sends what has been packed.</summary>
    public void Flush()
    {
        if (_used > 0)
        {
            Output.Emit(_buffer.AsSpan(0, _used), Path);
            _used = 0;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
