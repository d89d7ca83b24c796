using System.Buffers.Binary;
using System.Numerics;

namespace Starling.Coap;

/// <summary>
/// The replies of late, of all peers, in one ring of bytes: what a duplicate is answered with (RFC 7252 §4.2).
/// The ring doubles up to its limit, of which the largest power of two is used, and then forgets the oldest; nothing is allocated for a reply.
/// <code>
/// | second (4) | length (2) | reply … |
/// </code>
/// </summary>
internal sealed class ReplyLog(int limit, CoapTelemetry telemetry)
{
    private const int HeaderSize = 6;
    private const int InitialSize = 1024;
    private readonly int _maxBytes = (int)(BitOperations.RoundUpToPowerOf2((uint)limit + 1) >> 1);
    private readonly Lock _lock = new();
    private byte[] _ring = [];
    private long _head;   // position of the next byte
    private long _tail;   // position of the oldest entry

    /// <summary>Keeps a reply.</summary>
    /// <param name="reply">At most 64 KiB.</param>
    /// <param name="second">Now.</param>
    /// <param name="lifetime">How many seconds a reply is worth keeping.</param>
    /// <returns>Where it is; −1 when it is too large to be kept.</returns>
    public long Append(ReadOnlySpan<byte> reply, uint second, uint lifetime)
    {
        var needed = HeaderSize + reply.Length;
        if (needed > _maxBytes || reply.Length > ushort.MaxValue)
        {
            telemetry.CountForgottenReply();
            return -1;
        }
        lock (_lock)
        {
            MakeRoom(needed, second, lifetime);
            var position = _head;
            Span<byte> header = stackalloc byte[HeaderSize];
            BinaryPrimitives.WriteUInt32BigEndian(header, second);
            BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)reply.Length);
            Write(position, header);
            Write(position + HeaderSize, reply);
            _head += needed;
            return position;
        }
    }

    /// <summary>Copies a reply out; −1 when it has been forgotten.</summary>
    public int Read(long position, Span<byte> destination)
    {
        lock (_lock)
        {
            if (position < _tail || position >= _head)
            {
                return -1;
            }
            var length = LengthAt(position);
            if (length > destination.Length)
            {
                return -1;
            }
            Copy(position + HeaderSize, destination[..length]);
            return length;
        }
    }

    private void MakeRoom(int needed, uint second, uint lifetime)
    {
        while (_ring.Length - (_head - _tail) < needed)
        {
            if (_head == _tail)
            {
                Grow(needed);
                continue;
            }
            if (second - SecondAt(_tail) >= lifetime)
            {
                _tail += HeaderSize + LengthAt(_tail);
            }
            else if (_ring.Length < _maxBytes)
            {
                Grow(needed);
            }
            else
            {
                _tail += HeaderSize + LengthAt(_tail);
                telemetry.CountForgottenReply();
            }
        }
    }

    private void Grow(int needed)
    {
        var used = (int)(_head - _tail);
        var kept = new byte[used];
        Copy(_tail, kept);
        // Positions stay what they are: the bytes are laid out anew so that each position still falls on its byte.
        _ring = new byte[Math.Min(_maxBytes, Math.Max(InitialSize, (int)BitOperations.RoundUpToPowerOf2((uint)(used + needed))))];
        Write(_tail, kept);
    }

    private uint SecondAt(long position)
    {
        Span<byte> bytes = stackalloc byte[4];
        Copy(position, bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private int LengthAt(long position)
    {
        Span<byte> bytes = stackalloc byte[2];
        Copy(position + 4, bytes);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    private void Write(long position, ReadOnlySpan<byte> bytes)
    {
        var at = (int)position & (_ring.Length - 1);
        var first = Math.Min(bytes.Length, _ring.Length - at);
        bytes[..first].CopyTo(_ring.AsSpan(at));
        bytes[first..].CopyTo(_ring);
    }

    private void Copy(long position, Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return;
        }
        var at = (int)position & (_ring.Length - 1);
        var first = Math.Min(destination.Length, _ring.Length - at);
        _ring.AsSpan(at, first).CopyTo(destination);
        _ring.AsSpan(0, destination.Length - first).CopyTo(destination[first..]);
    }
}
