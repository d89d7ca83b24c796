using System.Buffers;

namespace Starling.Lwm2m;

/// <summary>
/// Writes TLVs from the last byte to the first: a header tells the length of what follows, and so it is known when the header comes.
/// </summary>
internal ref struct TlvWriter
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256);
    private int _start;

    public TlvWriter() => _start = _buffer.Length;

    /// <summary>How many bytes there are.</summary>
    public readonly int Length => _buffer.Length - _start;

    /// <summary>Puts a value in front.</summary>
    public void Prepend(Lwm2mValue value)
    {
        var size = TlvValue.SizeOf(value);
        TlvValue.Write(value, Reserve(size));
    }

    /// <summary>Puts a header in front, whose value is what came since the writer had <paramref name="since"/> bytes.</summary>
    /// <exception cref="ArgumentException">The value is longer than 16 777 215 bytes.</exception>
    public void Prepend(TlvKind kind, int id, int since)
    {
        if (Length - since > TlvHeader.MaxLength)
        {
            throw new ArgumentException("A TLV has at most 16 777 215 bytes.", nameof(since));
        }
        Span<byte> header = stackalloc byte[TlvHeader.MaxSize];
        var size = new TlvHeader(kind, id, Length - since).Write(header);
        header[..size].CopyTo(Reserve(size));
    }

    /// <summary>Hands on what was written. The writer is of no use afterwards.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        output.Write(_buffer.AsSpan(_start));
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = 0;
    }

    private Span<byte> Reserve(int size)
    {
        if (size > _start)
        {
            Grow(size);
        }
        _start -= size;
        return _buffer.AsSpan(_start, size);
    }

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked((Length + size) * 2));
        _buffer.AsSpan(_start).CopyTo(larger.AsSpan(larger.Length - Length));
        var start = larger.Length - Length;
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start) = (larger, start);
    }
}
