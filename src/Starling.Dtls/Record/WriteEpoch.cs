using System.Buffers.Binary;
using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>The protected records to the peer: the keys, its connection id and the next sequence number, which is never used twice.</summary>
internal sealed class WriteEpoch(RecordCipher cipher, byte[] keys, byte[] connectionId, ulong sequence) : IDisposable
{
    /// <summary>The one epoch with keys: renegotiation is refused, so there is no other.</summary>
    public const int Number = 1;

    public RecordCipher Cipher { get; } = cipher;

    public byte[] Keys { get; } = keys;

    public byte[] ConnectionId { get; } = connectionId;

    /// <summary>The next sequence number.</summary>
    public ulong Sequence { get; private set; } = sequence;

    public bool IsExhausted => Sequence > RecordHeader.MaxSequence;

    /// <summary>How many bytes a record is longer than its plaintext, at most.</summary>
    public int Overhead => RecordHeader.Size + ConnectionId.Length + Cipher.MaxOverhead + InnerType;

    private int InnerType => ConnectionId.Length > 0 ? 1 : 0;

    /// <summary>
    /// Writes one record and returns its length. With a connection id the content's type goes inside (RFC 9146 §4). The caller has seen that the numbers
    /// are not exhausted and that <see cref="Overhead"/> more bytes than the plaintext have room.
    /// </summary>
    public int Seal(ContentType type, ReadOnlySpan<byte> plaintext, Span<byte> destination, RandomNumberGenerator random)
    {
        var number = RecordHeader.NumberOf(Number, Sequence++);
        var inner = plaintext.Length + InnerType;
        var outer = InnerType > 0 ? ContentType.ConnectionId : type;
        var header = RecordHeader.Write(destination, outer, number, ConnectionId, Cipher.SealedSize(inner));
        var fragment = destination[header..];
        var laid = fragment.Slice(Cipher.PlaintextOffset, inner);
        plaintext.CopyTo(laid);
        if (InnerType > 0)
        {
            laid[^1] = (byte)type;
        }
        Span<byte> additional = stackalloc byte[RecordHeader.MaxAdditional];
        Span<byte> nonce = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(nonce, number);
        var length = RecordHeader.WriteAdditional(additional, outer, number, ConnectionId);
        return header + Cipher.Seal(Keys, additional[..length], nonce, laid, fragment, random);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(Keys);
}
