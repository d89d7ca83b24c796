using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// A public key on P-256 as RFC 7250 sends it: a SubjectPublicKeyInfo with an uncompressed point (RFC 5480, RFC 8422 §5.1.1).
/// <code>
///   30 59 ── 30 13 ── id-ecPublicKey, prime256v1
///         └─ 03 42 00 ── 04 ── X (32) ── Y (32)        91 bytes, always
/// </code>
/// </summary>
public sealed class RawPublicKey
{
    /// <summary>How long the structure is: 91 bytes.</summary>
    public const int Size = 91;

    private const int PointSize = 65;
    private readonly byte[] _info;

    private RawPublicKey(byte[] info)
    {
        _info = info;
        Fingerprint = Crypto.Fingerprint.Of(info);
    }

    /// <summary>The structure in DER.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => _info;

    /// <summary>The point: 04, X and Y.</summary>
    public ReadOnlySpan<byte> Point => _info.AsSpan(Size - PointSize);

    /// <summary>SHA-256 of the structure, in lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    // Everything before the point: it is the same for every key on this curve.
    private static ReadOnlySpan<byte> Head =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];

    /// <summary>Reads the structure. False: it is none, of another curve, in another encoding, or its point is not on the curve.</summary>
    public static bool TryRead(ReadOnlySpan<byte> der, [NotNullWhen(true)] out RawPublicKey? key)
    {
        key = null;
        if (!TryReadPoint(der, out _) || !IsOnCurve(der))
        {
            return false;
        }
        key = new RawPublicKey(der.ToArray());
        return true;
    }

    /// <summary>
    /// Finds the point of a structure without looking whether it is on the curve, which costs most of reading it: for who verifies with it at once, as
    /// <see cref="P256"/> looks itself.
    /// </summary>
    public static bool TryReadPoint(ReadOnlySpan<byte> der, out ReadOnlySpan<byte> point)
    {
        var isRead = der.Length == Size && der.StartsWith(Head) && der[Head.Length] == 0x04;
        point = isRead ? der[^PointSize..] : default;
        return isRead;
    }

    /// <summary>Reads the first <c>PUBLIC KEY</c> of a PEM text (RFC 7468 §13).</summary>
    public static bool TryReadPem(ReadOnlySpan<char> pem, [NotNullWhen(true)] out RawPublicKey? key)
    {
        key = null;
        return PemBlocks.Find(pem, "PUBLIC KEY") is { } der && TryRead(der, out key);
    }

    /// <summary>Whether a peer's structure is this key. It takes the same time wherever they differ.</summary>
    public bool Matches(ReadOnlySpan<byte> subjectPublicKeyInfo) => CryptographicOperations.FixedTimeEquals(_info, subjectPublicKeyInfo);

    /// <summary>The structure in PEM, with a line feed at its end.</summary>
    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", _info) + "\n";

    /// <inheritdoc/>
    public override string ToString() => Fingerprint;

    /// <summary>The key that belongs to a point.</summary>
    internal static RawPublicKey Of(ECPoint point) => new([.. Head, 0x04, .. point.X!, .. point.Y!]);

    private static bool IsOnCurve(ReadOnlySpan<byte> der)
    {
        try
        {
            using var check = ECDsa.Create();
            check.ImportSubjectPublicKeyInfo(der, out _);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
