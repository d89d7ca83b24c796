using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Crypto;

/// <summary>The certificates that a peer has sent, its own first and each certified by the next one (RFC 5246 §7.4.2). Nothing of it is trusted yet.</summary>
public sealed class CertificateChain : IDisposable
{
    /// <summary>How many certificates a chain may have: 8.</summary>
    public const int MaxCertificates = 8;

    /// <summary>How many bytes a chain may have: 16384.</summary>
    public const int MaxBytes = 16_384;

    private readonly CertificateNames _names;

    private CertificateChain(X509Certificate2[] certificates, RawPublicKey key, CertificateNames names)
    {
        Certificates = certificates;
        PublicKey = key;
        _names = names;
        Fingerprint = Crypto.Fingerprint.Of(certificates[0].RawDataMemory.Span);
        (From, To) = (certificates[0].NotBefore.ToUniversalTime(), certificates[0].NotAfter.ToUniversalTime());
    }

    /// <summary>The end entity's key.</summary>
    public RawPublicKey PublicKey { get; }

    /// <summary>The end entity's distinguished name, as RFC 4514 writes it.</summary>
    public string Subject => _names.Subject;

    /// <summary>The end entity's common name; null where it has none, or several.</summary>
    public string? CommonName => _names.CommonName;

    /// <summary>The end entity's alternative names: DNS names, URIs and addresses, as text.</summary>
    public ImmutableArray<string> Names => _names.Alternatives;

    /// <summary>SHA-256 of the end entity's certificate, in lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>From when the end entity's certificate is valid.</summary>
    public DateTimeOffset From { get; }

    /// <summary>Until when it is.</summary>
    public DateTimeOffset To { get; }

    internal X509Certificate2[] Certificates { get; }

    internal X509Certificate2 EndEntity => Certificates[0];

    /// <summary>Reads the certificates of a handshake, within <see cref="MaxCertificates"/> and <see cref="MaxBytes"/>.</summary>
    /// <param name="der">The certificates in DER, as they were sent.</param>
    /// <param name="chain">What was read; the caller disposes it.</param>
    /// <param name="problem">Why it was not.</param>
    public static bool TryRead(ImmutableArray<ReadOnlyMemory<byte>> der, [NotNullWhen(true)] out CertificateChain? chain, out CertificateProblem problem)
    {
        chain = null;
        if (der.IsDefaultOrEmpty || der.Length > MaxCertificates || der.Sum(d => (long)d.Length) > MaxBytes)
        {
            problem = Malformed(der.IsDefaultOrEmpty ? "no certificate was sent" : $"{der.Length} certificates of {der.Sum(d => (long)d.Length)} bytes are more than {MaxCertificates} of {MaxBytes}");
            return false;
        }
        var read = new List<X509Certificate2>(der.Length);
        foreach (var bytes in der)
        {
            if (!TryRead(bytes.Span, out var certificate))
            {
                problem = Malformed($"certificate {read.Count} of the chain cannot be read");
                Dispose(read);
                return false;
            }
            read.Add(certificate);
        }
        if ((chain = Check([.. read], out problem)) is null)
        {
            Dispose(read);
        }
        return chain is not null;
    }

    /// <summary>Whether the end entity's certificate is valid at a time. That of its chain is <see cref="CertificatePath"/>'s matter.</summary>
    /// <returns>Why not; null when it is.</returns>
    public CertificateProblem? CheckTime(DateTimeOffset now) =>
        now < From ? new(CertificateFault.Expired, $"the certificate is valid from {From:u} on, and it is {now.ToUniversalTime():u}")
        : now > To ? new(CertificateFault.Expired, $"the certificate was valid until {To:u}, and it is {now.ToUniversalTime():u}")
        : null;

    /// <summary>
    /// Whether the end entity's certificate is one of this host (RFC 6125 §6, RFC 7925 §4.4.1): an alternative name where there is one, else the common name.
    /// A wildcard is the whole of the first label; an address must stand there as an address.
    /// </summary>
    public bool NamesHost(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            return EndEntity.MatchesHostname(host.Trim('[', ']'), allowWildcards: true, allowCommonName: true);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            return false;   // no such host can be, or the alternative names are none
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Dispose(Certificates);

    /// <summary>Reads one certificate in DER, with nothing behind it.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> der, [NotNullWhen(true)] out X509Certificate2? certificate)
    {
        certificate = null;
        if (!AsnDecoder.TryReadEncodedValue(der, AsnEncodingRules.DER, out var tag, out _, out _, out var consumed) || tag != Asn1Tag.Sequence || consumed != der.Length)
        {
            return false;   // looked at first: the loader takes PEM too, and whatever follows
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

    private static CertificateChain? Check(X509Certificate2[] certificates, out CertificateProblem problem)
    {
        for (var i = 1; i < certificates.Length; i++)
        {
            if (!certificates[i - 1].IssuerName.RawData.AsSpan().SequenceEqual(certificates[i].SubjectName.RawData))
            {
                problem = Malformed($"certificate {i} of the chain does not certify the one before it");
                return null;
            }
        }
        try
        {
            problem = default;
            var info = certificates[0].PublicKey.ExportSubjectPublicKeyInfo();
            if (RawPublicKey.TryRead(info, out var key))
            {
                return new CertificateChain(certificates, key, CertificateNames.Of(certificates[0]));
            }
            problem = new CertificateProblem(CertificateFault.Unsuitable, "the certificate's key is none on P-256");
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or AsnContentException)
        {
            problem = Malformed("the certificate's names or key cannot be read");
        }
        return null;
    }

    private static CertificateProblem Malformed(string why) => new(CertificateFault.Malformed, why);

    private static void Dispose(IEnumerable<X509Certificate2> certificates)
    {
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }
    }
}
