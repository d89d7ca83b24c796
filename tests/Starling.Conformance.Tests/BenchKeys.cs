using System.Text;
using Starling.Coap;
using Starling.Crypto;
using Starling.Dtls;
using Starling.Server;
using Starling.Testing;

namespace Starling.Conformance.Tests;

/// <summary>With what the client and the servers of a bench prove who they are.</summary>
internal static class BenchKeys
{
    private static readonly TestPki _pki = new(new ManualTime().GetUtcNow());

    /// <summary>The device's pre-shared key for a server: another one for each.</summary>
    public static OwnCredentials.PreSharedKey PreSharedKey(string server) => new(Encoding.UTF8.GetBytes(IdentityFor(server)), KeyFor(server));

    /// <summary>The device's certificate, and whose servers it trusts.</summary>
    public static OwnCredentials.Certificate Certificate { get; } = NewCertificate();

    /// <summary>The servers' keys: a certificate, and pre-shared keys are taken.</summary>
    public static DtlsOwnKeys OfServers { get; } = NewServer();

    /// <summary>What a server knows of the device.</summary>
    public static IReadOnlyList<Credential> KnownTo(string server) =>
    [
        new Credential.PreSharedKey("psk", IdentityFor(server), KeyFor(server)) { Endpoint = ClientBench.Endpoint },
        new Credential.Authority("authority", _pki.Root.Certificate.Subject, _pki.Root.Der, EndpointPattern.Parse("{cn}")),
    ];

    private static string IdentityFor(string server) => $"conformance at {server}";

    private static byte[] KeyFor(string server) => Encoding.UTF8.GetBytes(server.PadRight(16, '.'));

    private static OwnCredentials.Certificate NewCertificate()
    {
        var device = _pki.Device(ClientBench.Endpoint);
        return new OwnCredentials.Certificate(device.Chain, device.PrivateKey, new CertificateRule(CertificateUsage.TrustAnchor, CertificateMatching.Exact, _pki.Root.Der));
    }

    private static DtlsOwnKeys NewServer()
    {
        var server = _pki.Server("server.example.com");
        return OwnKey.TryRead(server.PrivateKey.Span, out var key)
            ? new DtlsOwnKeys { AcceptsPreSharedKeys = true, Key = key, Chain = server.Chain }
            : throw new InvalidOperationException("The key that was just made cannot be read.");
    }
}
