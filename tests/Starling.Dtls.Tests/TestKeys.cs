using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Dtls.Tests;

/// <summary>Keys and certificates for both sides.</summary>
internal static class TestKeys
{
    /// <summary>Gives both sides a pre-shared key and a key pair, as raw keys or in certificates of their own.</summary>
    public static DtlsPair Equip(DtlsPair pair, bool rawKeys)
    {
        var key = new byte[16];
        pair.ServerKeys = OfOne("server", rawKeys) with { AcceptsPreSharedKeys = true };
        pair.ClientKeys = OfOne("device", rawKeys) with { PreSharedKey = new DtlsOwnKeys.ClientKey("device"u8.ToArray(), key) };
        pair.Answer = query => query is DtlsQuery.PreSharedKey ? new DtlsAnswer.Key(key) : new DtlsAnswer.Accepted();
        return pair;
    }

    /// <summary>A key pair as a raw key or in a certificate.</summary>
    public static DtlsOwnKeys OfOne(string name, bool raw)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (!OwnKey.TryRead(pair.ExportPkcs8PrivateKey(), out var own))
        {
            throw new InvalidOperationException("A key that cannot be read.");
        }
        if (raw)
        {
            return new DtlsOwnKeys { Key = own, RawPublicKeys = true };
        }
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest($"CN={name}", pair, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return new DtlsOwnKeys { Key = own, Chain = [certificate.RawData] };
    }
}
