using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>CCM and GCM records (RFC 5246 §6.2.3.3, RFC 5288 §3, RFC 6655 §3).</summary>
/// <code>
/// fragment | explicit nonce (8) | text | tag (8 or 16) |      nonce | fixed (4) | explicit (8) |
/// </code>
internal sealed class AeadRecordCipher(int tagSize, bool isGcm) : RecordCipher(macKeySize: 0, fixedIvSize: FixedSize, plaintextOffset: ExplicitSize)
{
    private const int FixedSize = 4;
    private const int ExplicitSize = 8;

    public override int MaxOverhead => ExplicitSize + tagSize;

    public override int SealedSize(int plaintext) => ExplicitSize + plaintext + tagSize;

    [SkipLocalsInit]
    public override int Seal(
        ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, ReadOnlySpan<byte> explicitNonce, ReadOnlySpan<byte> plaintext, Span<byte> fragment, RandomNumberGenerator random)
    {
        Check(keys, header, plaintext.Length);
        if (explicitNonce.Length != ExplicitSize)
        {
            AeadArguments.Refuse("The explicit part of a nonce has 8 bytes.");
        }
        Span<byte> nonce = stackalloc byte[FixedSize + ExplicitSize];
        Span<byte> associated = stackalloc byte[MaxHeaderSize + LengthSize];
        associated = Associate(associated, header, plaintext.Length);
        WriteNonce(nonce, keys, explicitNonce);
        var key = keys[..KeySize];
        var text = fragment.Slice(ExplicitSize, plaintext.Length);
        var tag = fragment.Slice(ExplicitSize + plaintext.Length, tagSize);
        if (isGcm)
        {
            AesGcm128.Seal(key, nonce, plaintext, text, tag, associated);
        }
        else
        {
            AesCcm128.Seal(key, nonce, plaintext, text, tag, associated);
        }
        explicitNonce.CopyTo(fragment);
        return ExplicitSize + plaintext.Length + tagSize;
    }

    [SkipLocalsInit]
    public override bool TryOpen(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, Span<byte> fragment, out Range plaintext)
    {
        Check(keys, header);
        var length = fragment.Length - ExplicitSize - tagSize;
        if (length is < 0 or > ushort.MaxValue)
        {
            plaintext = default;
            return false;
        }
        Span<byte> nonce = stackalloc byte[FixedSize + ExplicitSize];
        Span<byte> associated = stackalloc byte[MaxHeaderSize + LengthSize];
        associated = Associate(associated, header, length);
        WriteNonce(nonce, keys, fragment[..ExplicitSize]);
        var key = keys[..KeySize];
        var text = fragment.Slice(ExplicitSize, length);
        var tag = fragment[(ExplicitSize + length)..];
        plaintext = ExplicitSize..(ExplicitSize + length);
        return isGcm ? AesGcm128.TryOpen(key, nonce, text, tag, text, associated) : AesCcm128.TryOpen(key, nonce, text, tag, text, associated);
    }

    private static void WriteNonce(Span<byte> nonce, ReadOnlySpan<byte> keys, ReadOnlySpan<byte> explicitNonce)
    {
        keys[KeySize..].CopyTo(nonce);
        explicitNonce.CopyTo(nonce[FixedSize..]);
    }

    private static Span<byte> Associate(Span<byte> associated, ReadOnlySpan<byte> header, int length)
    {
        header.CopyTo(associated);
        BinaryPrimitives.WriteUInt16BigEndian(associated[header.Length..], (ushort)length);
        return associated[..(header.Length + LengthSize)];
    }
}
