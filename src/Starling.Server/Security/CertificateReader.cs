using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Starling.Coap;

namespace Starling.Server;

/// <summary>Reads of a certificate whom it names (RFC 5280 §4.1.2.6, §4.2.1.6). Bytes from the network: what cannot be read is false.</summary>
internal static class CertificateReader
{
    /// <summary>The largest certificate that is looked at, in bytes.</summary>
    public const int MaxSize = 8192;

    private const int MaxNames = 32;
    private const string CommonName = "2.5.4.3";
    private const string AlternativeNames = "2.5.29.17";

    // GeneralName's choices (§4.2.1.6).
    private static readonly Asn1Tag _dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag _uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag _address = new(TagClass.ContextSpecific, 7);

    /// <summary>Loads a certificate; the caller disposes it.</summary>
    public static bool TryLoad(ReadOnlySpan<byte> der, [NotNullWhen(true)] out X509Certificate2? certificate)
    {
        certificate = null;
        if (der.Length is 0 or > MaxSize)
        {
            return false;
        }
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(der);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Whom a certificate names.</summary>
    public static bool TryRead(X509Certificate2 certificate, [NotNullWhen(true)] out PeerIdentity.Certificate? named)
    {
        try
        {
            var common = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
                .FirstOrDefault(n => !n.HasMultipleElements && n.GetSingleElementType().Value == CommonName)?.GetSingleElementValue();
            var names = certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == AlternativeNames) is { } extension ? NamesOf(extension.RawData) : [];
            named = new PeerIdentity.Certificate(certificate.SubjectName.Name, common, names, FingerprintOf(certificate.RawDataMemory.Span));
            return true;
        }
        catch (Exception malformed) when (malformed is AsnContentException or CryptographicException)
        {
            named = null;
            return false;
        }
    }

    /// <summary>SHA-256 in lower-case hexadecimal: how keys and certificates are named.</summary>
    public static string FingerprintOf(ReadOnlySpan<byte> der) => Convert.ToHexStringLower(SHA256.HashData(der));

    private static ImmutableArray<string> NamesOf(ReadOnlyMemory<byte> extension)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        var reader = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData && names.Count < MaxNames)
        {
            var tag = reader.PeekTag();
            if (tag == _dns || tag == _uri)
            {
                names.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            }
            else if (tag == _address && reader.ReadOctetString(_address) is { Length: 4 or 16 } bytes)
            {
                names.Add(new IPAddress(bytes).ToString());
            }
            else if (tag != _address)
            {
                reader.ReadEncodedValue();   // names of other kinds stand for no device
            }
        }
        return names.ToImmutable();
    }
}
