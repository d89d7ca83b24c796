using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Testing;

/// <summary>A certificate of a <see cref="TestPki"/>, with its key.</summary>
public sealed class TestCertificate : IDisposable
{
    internal TestCertificate(X509Certificate2 certificate, ECDsa key, TestCertificate? issuer)
    {
        Certificate = certificate;
        Key = key;
        Issuer = issuer;
    }

    /// <summary>Without the key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Its key.</summary>
    public ECDsa Key { get; }

    /// <summary>Who signed it; null for itself.</summary>
    public TestCertificate? Issuer { get; }

    /// <summary>The certificate in DER.</summary>
    public ReadOnlyMemory<byte> Der => Certificate.RawDataMemory;

    /// <summary>The key as PKCS #8 in DER.</summary>
    public ReadOnlyMemory<byte> PrivateKey => Key.ExportPkcs8PrivateKey();

    /// <summary>The public key as SubjectPublicKeyInfo in DER.</summary>
    public ReadOnlyMemory<byte> PublicKey => Key.ExportSubjectPublicKeyInfo();

    /// <summary>What is sent in a handshake: it and those above it, without the one that signed itself.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Chain => Issuer is null ? [Der] : [Der, .. Issuer.Issuer is null ? [] : Issuer.Chain];

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        Key.Dispose();
    }
}
