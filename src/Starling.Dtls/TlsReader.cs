using System.Buffers.Binary;

namespace Starling.Dtls;

/// <summary>Reads the presentation language of TLS (RFC 5246 §4) from bytes that may be hostile: it cannot overrun, allocates nothing and never throws.</summary>
internal ref struct TlsReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Whether all was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            taken = default;
            return false;
        }
        taken = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    public bool TryReadByte(out byte value)
    {
        value = TryTake(1, out var taken) ? taken[0] : (byte)0;
        return !taken.IsEmpty;
    }

    public bool TryReadUInt16(out ushort value)
    {
        value = TryTake(2, out var taken) ? BinaryPrimitives.ReadUInt16BigEndian(taken) : (ushort)0;
        return !taken.IsEmpty;
    }

    public bool TryReadUInt24(out int value)
    {
        value = TryTake(3, out var taken) ? (taken[0] << 16) | (taken[1] << 8) | taken[2] : 0;
        return !taken.IsEmpty;
    }

    /// <summary>A vector with one byte of length.</summary>
    public bool TryReadVector8(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return TryReadByte(out var length) && TryTake(length, out vector);
    }

    /// <summary>A vector with two bytes of length.</summary>
    public bool TryReadVector16(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return TryReadUInt16(out var length) && TryTake(length, out vector);
    }

    /// <summary>A vector with three bytes of length.</summary>
    public bool TryReadVector24(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return TryReadUInt24(out var length) && TryTake(length, out vector);
    }
}
