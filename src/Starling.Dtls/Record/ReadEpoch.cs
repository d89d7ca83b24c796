using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>The protected records of the peer: the keys, the connection id that it puts in, and which came already.</summary>
internal sealed class ReadEpoch(RecordCipher cipher, byte[] keys, byte[] connectionId, ReplayWindow window) : IDisposable
{
    private ReplayWindow _window = window;

    public RecordCipher Cipher { get; } = cipher;

    public byte[] Keys { get; } = keys;

    public byte[] ConnectionId { get; } = connectionId;

    /// <summary>The highest sequence number that came.</summary>
    public ulong Newest => _window.Newest;

    /// <summary>Whether a record that is for us could be of this epoch and new: cheap to ask, and proves nothing.</summary>
    public bool IsCandidate(in RecordHeader header) =>
        header.Epoch == WriteEpoch.Number && header.Version == ProtocolVersion.Dtls12 && header.Fragment <= RecordLimits.MaxFragment
        && _window.Allows(header.Sequence);

    /// <summary>Opens a candidate in place. False for whatever is wrong with it, all alike.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="record">Header and fragment.</param>
    /// <param name="opened">What was in it.</param>
    public bool TryOpen(in RecordHeader header, Span<byte> record, out OpenedRecord opened)
    {
        opened = default;
        Span<byte> additional = stackalloc byte[RecordHeader.MaxAdditional];
        var length = RecordHeader.WriteAdditional(additional, header.Type, header.Number, ConnectionId);
        var fragment = record[header.Length..];
        if (!Cipher.TryOpen(Keys, additional[..length], fragment, out var plaintext))
        {
            return false;
        }
        var isNewest = _window.Enter(header.Sequence);
        var (offset, count) = plaintext.GetOffsetAndLength(fragment.Length);
        opened = new OpenedRecord(header.Type, header.Length + offset, count, isNewest);
        return ConnectionId.Length == 0 || TryUncover(record, ref opened);
    }

    // RFC 9146 §4: the real type is the last byte that is not zero.
    private static bool TryUncover(ReadOnlySpan<byte> record, ref OpenedRecord opened)
    {
        var inner = record.Slice(opened.Offset, opened.Length).TrimEnd((byte)0);
        if (inner.IsEmpty)
        {
            return false;
        }
        opened = opened with { Type = (ContentType)inner[^1], Length = inner.Length - 1 };
        return true;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(Keys);
}

/// <summary>What was in an authentic record.</summary>
/// <param name="Type">The content's type.</param>
/// <param name="Offset">Where the plaintext begins in the record.</param>
/// <param name="Length">How long it is.</param>
/// <param name="IsNewest">Whether no record with a higher number came before.</param>
internal readonly record struct OpenedRecord(ContentType Type, int Offset, int Length, bool IsNewest);
