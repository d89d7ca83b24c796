using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>
/// What a private key in DER says, when it is one on P-256.
/// <code>
///   OneAsymmetricKey  SEQUENCE { version, SEQUENCE { id-ecPublicKey, prime256v1 }, OCTET STRING { ECPrivateKey }, [0] attributes?, [1] public key? }
///   ECPrivateKey      SEQUENCE { 1, OCTET STRING scalar, [0] curve?, [1] public key? }
/// </code>
/// </summary>
/// <param name="Scalar">The private key: 32 bytes. The reader of the fields wipes it.</param>
/// <param name="Point">The public key as it stands there, 04 and both coordinates; null when it does not.</param>
internal readonly record struct PrivateKeyFields(byte[] Scalar, byte[]? Point)
{
    private const int ScalarSize = 32;
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string Prime256V1 = "1.2.840.10045.3.1.7";
    private static readonly Asn1Tag _context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag _context1 = new(TagClass.ContextSpecific, 1);

    public static bool TryRead(ReadOnlySpan<byte> der, out PrivateKeyFields fields)
    {
        fields = default;
        var copy = der.ToArray();   // the reader wants memory
        try
        {
            var outer = new AsnReader(copy, AsnEncodingRules.DER);
            var body = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            return body.TryReadInt32(out var version) && (body.PeekTag() == Asn1Tag.PrimitiveOctetString
                ? TryReadEcPrivateKey(body, version, namesCurve: true, out fields)
                : TryReadOneAsymmetricKey(body, version, out fields));
        }
        catch (AsnContentException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }

    private static bool TryReadOneAsymmetricKey(AsnReader body, int version, out PrivateKeyFields fields)
    {
        fields = default;
        var algorithm = body.ReadSequence();
        if (version is not (0 or 1) || algorithm.ReadObjectIdentifier() != EcPublicKey || algorithm.ReadObjectIdentifier() != Prime256V1)
        {
            return false;
        }
        var octets = new AsnReader(Octets(body), AsnEncodingRules.DER);
        var inner = octets.ReadSequence();
        octets.ThrowIfNotEmpty();
        if (!inner.TryReadInt32(out var innerVersion) || !TryReadEcPrivateKey(inner, innerVersion, namesCurve: false, out fields))
        {
            return false;
        }
        if (body.HasData && body.PeekTag().HasSameClassAndValue(_context0))
        {
            body.ReadEncodedValue();   // attributes say nothing that we need
        }
        var point = body.HasData ? body.ReadBitString(out _, _context1) : null;
        body.ThrowIfNotEmpty();
        fields = fields with { Point = fields.Point ?? point };
        return point is null || fields.Point.AsSpan().SequenceEqual(point);
    }

    private static bool TryReadEcPrivateKey(AsnReader body, int version, bool namesCurve, out PrivateKeyFields fields)
    {
        fields = default;
        var scalar = Octets(body);
        var hasCurve = body.HasData && body.PeekTag().HasSameClassAndValue(_context0);
        var isOurs = hasCurve ? body.ReadSequence(_context0).ReadObjectIdentifier() == Prime256V1 : !namesCurve;
        byte[]? point = null;
        if (body.HasData)
        {
            var wrapped = body.ReadSequence(_context1);
            point = wrapped.ReadBitString(out _);
            wrapped.ThrowIfNotEmpty();
        }
        body.ThrowIfNotEmpty();
        if (version != 1 || !isOurs || scalar.Length != ScalarSize)
        {
            return false;
        }
        fields = new PrivateKeyFields(scalar.ToArray(), point);
        return true;
    }

    // Not a copy: only what is read from is to be wiped.
    private static ReadOnlyMemory<byte> Octets(AsnReader reader) =>
        reader.TryReadPrimitiveOctetString(out var octets) ? octets : throw new AsnContentException();
}
