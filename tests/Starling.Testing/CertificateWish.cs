using System.Net;
using System.Security.Cryptography;

namespace Starling.Testing;

/// <summary>What a certificate of a <see cref="TestPki"/> is to be, right or wrong.</summary>
/// <param name="CommonName">The common name.</param>
public sealed record CertificateWish(string CommonName)
{
    /// <summary>The object id of "may be a server" (RFC 5280 §4.2.1.12).</summary>
    public const string Server = "1.3.6.1.5.5.7.3.1";
    /// <summary>The object id of "may be a client".</summary>
    public const string Client = "1.3.6.1.5.5.7.3.2";

    /// <summary>Whether it may sign others.</summary>
    public bool IsAuthority { get; init; }

    /// <summary>How many authorities may stand below it.</summary>
    public int? PathLength { get; init; }

    /// <summary>What its key may be used for; null leaves it out.</summary>
    public System.Security.Cryptography.X509Certificates.X509KeyUsageFlags? KeyUsage { get; init; }

    /// <summary>What it may be, by object ids; none leaves it out.</summary>
    public IReadOnlyList<string> Purposes { get; init; } = [];

    /// <summary>DNS names of the subject alternative name.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Its addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Its URIs.</summary>
    public IReadOnlyList<Uri> Uris { get; init; } = [];

    /// <summary>From when it is valid; null is a day before the PKI's now.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Until when it is valid; null is a year after the PKI's now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Its curve.</summary>
    public ECCurve Curve { get; init; } = ECCurve.NamedCurves.nistP256;

    /// <summary>Whether it is signed over SHA-1, as nothing should be any more.</summary>
    public bool IsSignedOverSha1 { get; init; }

    /// <summary>The key that signs it in its issuer's name; null is the issuer's.</summary>
    public ECDsa? Forger { get; init; }
}
