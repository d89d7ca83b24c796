using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Starling.Crypto;

/// <summary>Whom a certificate names.</summary>
/// <param name="Subject">The subject, as RFC 4514 writes it.</param>
/// <param name="CommonName">Its common name; null where it has none or several, which name nobody.</param>
/// <param name="Alternatives">DNS names, URIs and addresses of the subject alternative name (RFC 5280 §4.2.1.6), as text; other sorts are left out.</param>
internal sealed record CertificateNames(string Subject, string? CommonName, ImmutableArray<string> Alternatives)
{
    private const string CommonNameId = "2.5.4.3";
    private const string AlternativesId = "2.5.29.17";
    private static readonly Asn1Tag _dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag _uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag _address = new(TagClass.ContextSpecific, 7);

    /// <exception cref="CryptographicException">The names cannot be read.</exception>
    /// <exception cref="AsnContentException">The names cannot be read.</exception>
    public static CertificateNames Of(X509Certificate2 certificate)
    {
        var parts = PartsOf(certificate.SubjectName);
        string[] common = [.. parts.Where(p => !p.HasMultipleElements && p.GetSingleElementType().Value == CommonNameId).Select(p => p.GetSingleElementValue() ?? "")];
        var extension = certificate.Extensions.FirstOrDefault(e => e.Oid?.Value == AlternativesId);
        return new CertificateNames(
            Write(parts),
            common is [{ Length: > 0 } only] ? only : null,
            extension is null ? [] : Read(extension.RawData));
    }

    /// <summary>A name as RFC 4514 writes it.</summary>
    public static string Write(X500DistinguishedName name) => Write(PartsOf(name));

    private static string Write(X500RelativeDistinguishedName[] parts) => string.Join(',', parts.Select(Text));

    // The most specific first.
    private static X500RelativeDistinguishedName[] PartsOf(X500DistinguishedName name) => [.. name.EnumerateRelativeDistinguishedNames(reversed: true)];

    private static ImmutableArray<string> Read(byte[] extension)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        var reader = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            if (tag.HasSameClassAndValue(_dns) || tag.HasSameClassAndValue(_uri))
            {
                names.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            }
            else if (tag.HasSameClassAndValue(_address))
            {
                var octets = reader.ReadOctetString(tag);
                names.Add(octets.Length is 4 or 16 ? new IPAddress(octets).ToString() : throw new AsnContentException());
            }
            else
            {
                reader.ReadEncodedValue();
            }
        }
        return names.ToImmutable();
    }

    // RFC 4514 §2: what has no short name there is written in hexadecimal.
    private static string Text(X500RelativeDistinguishedName part)
    {
        if (part.HasMultipleElements)
        {
            return $"#{Convert.ToHexStringLower(part.RawData.Span)}";
        }
        var id = part.GetSingleElementType().Value!;
        var key = ShortName(id);
        return key is not null && part.GetSingleElementValue() is { } value ? $"{key}={Escape(value)}" : $"{id}=#{Convert.ToHexStringLower(part.RawData.Span)}";
    }

    private static string? ShortName(string id) => id switch
    {
        CommonNameId => "CN",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.6" => "C",
        "2.5.4.9" => "STREET",
        "2.5.4.5" => "SERIALNUMBER",
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        _ => null,
    };

    // RFC 4514 §2.4.
    private static string Escape(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var isAtEdge = (c == ' ' && (i == 0 || i == value.Length - 1)) || (c == '#' && i == 0);
            if (c < ' ')
            {
                text.Append('\\').Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
                continue;
            }
            if (isAtEdge || c is '"' or '+' or ',' or ';' or '<' or '>' or '\\')
            {
                text.Append('\\');
            }
            text.Append(c);
        }
        return text.ToString();
    }
}
