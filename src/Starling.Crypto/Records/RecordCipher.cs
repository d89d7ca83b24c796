using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// How TLS and DTLS 1.2 protect one record (RFC 5246 §6.2.3). It knows neither the record's header nor a session: keys are handed in, so an established session
/// keeps nothing of a cipher but the bytes of its keys. Immutable, for any number of threads.
/// </summary>
public abstract class RecordCipher
{
    /// <summary>The longest header: a DTLS record with a connection id of 255 bytes (RFC 9146 §5).</summary>
    public const int MaxHeaderSize = 8 + 1 + 1 + 1 + 2 + 8 + 255;

    /// <summary>The longest text, in bytes: 2^14 of content (RFC 5246 §6.2.1) and, in records with a connection id, type and padding (RFC 9146 §4).</summary>
    public const int MaxPlaintext = (1 << 14) + 256;

    /// <summary>Bytes of the length that is protected behind the header.</summary>
    private protected const int LengthSize = sizeof(ushort);

    private protected RecordCipher(int macKeySize, int fixedIvSize, int plaintextOffset)
    {
        MacKeySize = macKeySize;
        FixedIvSize = fixedIvSize;
        PlaintextOffset = plaintextOffset;
    }

    /// <summary>AES_128_CCM_8 (RFC 6655): tags of 8 bytes.</summary>
    public static RecordCipher AesCcm8 { get; } = new AeadRecordCipher(tagSize: 8, isGcm: false);

    /// <summary>AES_128_CCM (RFC 6655).</summary>
    public static RecordCipher AesCcm { get; } = new AeadRecordCipher(tagSize: 16, isGcm: false);

    /// <summary>AES_128_GCM (RFC 5288).</summary>
    public static RecordCipher AesGcm { get; } = new AeadRecordCipher(tagSize: 16, isGcm: true);

    /// <summary>AES_128_CBC_SHA256, the MAC under the encryption (RFC 5246 §6.2.3.2).</summary>
    public static RecordCipher AesCbcSha256 { get; } = new CbcRecordCipher(encryptThenMac: false);

    /// <summary>AES_128_CBC_SHA256, the MAC over the encryption (RFC 7366). To be preferred wherever the peer has it.</summary>
    public static RecordCipher AesCbcSha256EncryptThenMac { get; } = new CbcRecordCipher(encryptThenMac: true);

    /// <summary>Bytes of one direction's MAC key; 0 where the cipher has none.</summary>
    public int MacKeySize { get; }

    /// <summary>Bytes of one direction's encryption key.</summary>
    public static int KeySize => Aes128.KeySize;

    /// <summary>Bytes of one direction's part of the nonce that never changes; 0 where there is none.</summary>
    public int FixedIvSize { get; }

    /// <summary>Bytes of all keys of one direction: MAC key, key, fixed part of the nonce, in this order.</summary>
    public int KeyMaterialSize => MacKeySize + KeySize + FixedIvSize;

    /// <summary>Where in the fragment the text begins, in bytes: text laid there is sealed without a copy.</summary>
    public int PlaintextOffset { get; }

    /// <summary>By how many bytes sealing makes a text longer at most.</summary>
    public abstract int MaxOverhead { get; }

    /// <summary>How long a text of so many bytes becomes.</summary>
    /// <param name="plaintext">Bytes of text.</param>
    public abstract int SealedSize(int plaintext);

    /// <summary>Protects a text as a record's fragment: explicit part of the nonce or initialisation vector, text, tag or MAC.</summary>
    /// <param name="keys">The sender's keys, <see cref="KeyMaterialSize"/> bytes.</param>
    /// <param name="header">What is protected besides, up to and without the length, at most <see cref="MaxHeaderSize"/> bytes. The cipher adds the length.</param>
    /// <param name="explicitNonce">8 bytes that these keys have never seen: epoch and sequence number. CBC does not use it.</param>
    /// <param name="plaintext">The text; apart from the fragment, or in it at <see cref="PlaintextOffset"/>.</param>
    /// <param name="fragment">Where it goes; at least <see cref="SealedSize"/> bytes.</param>
    /// <param name="random">Where CBC has its initialisation vector from.</param>
    /// <returns>The bytes written.</returns>
    public abstract int Seal(
        ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, ReadOnlySpan<byte> explicitNonce, ReadOnlySpan<byte> plaintext, Span<byte> fragment, RandomNumberGenerator random);

    /// <summary>Opens a fragment in place. All that can be wrong with it looks the same: false, and nothing readable is left of it.</summary>
    /// <param name="keys">The sender's keys, <see cref="KeyMaterialSize"/> bytes.</param>
    /// <param name="header">What is protected besides, up to and without the length.</param>
    /// <param name="fragment">The fragment as it came; afterwards the text lies in it.</param>
    /// <param name="plaintext">Where in the fragment the text lies.</param>
    public abstract bool TryOpen(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, Span<byte> fragment, out Range plaintext);

    /// <summary>Deals out a key block (RFC 5246 §6.3): MAC keys, keys and fixed parts of nonces, each first the client's, then the server's.</summary>
    /// <param name="keyBlock">Twice <see cref="KeyMaterialSize"/> bytes.</param>
    /// <param name="client">What the client writes with, <see cref="KeyMaterialSize"/> bytes.</param>
    /// <param name="server">What the server writes with, <see cref="KeyMaterialSize"/> bytes.</param>
    public void Deal(ReadOnlySpan<byte> keyBlock, Span<byte> client, Span<byte> server)
    {
        var at = 0;
        foreach (var size in (ReadOnlySpan<int>)[MacKeySize, KeySize, FixedIvSize])
        {
            keyBlock.Slice(2 * at, size).CopyTo(client[at..]);
            keyBlock.Slice((2 * at) + size, size).CopyTo(server[at..]);
            at += size;
        }
    }

    private protected void Check(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> header, int plaintext = 0)
    {
        if (plaintext > MaxPlaintext)
        {
            AeadArguments.Refuse("No record has so long a text.");
        }
        if (keys.Length != KeyMaterialSize)
        {
            AeadArguments.Refuse("The keys are not as long as this cipher's.");
        }
        if (header.Length > MaxHeaderSize)
        {
            AeadArguments.Refuse("No record has so long a header.");
        }
    }
}
