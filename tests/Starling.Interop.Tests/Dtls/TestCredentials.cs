using System.Text;
using Starling.Coap;
using Starling.Crypto;
using Starling.Dtls;
using Starling.Transports;

namespace Starling.Interop.Tests;

/// <summary>Who may come in at a test's server: one device, by a pre-shared key, by its raw public key or by its certificate. And what we show as that device.</summary>
internal sealed class TestCredentials : IPeerCredentials
{
    private static readonly KeyFiles _server = TestKeys.Shared.Server, _client = TestKeys.Shared.Client;

    /// <summary>What a server of all sorts needs.</summary>
    public static DtlsServer Server()
    {
        Assert.True(OwnKey.TryRead(File.ReadAllBytes(_server.KeyDer), out var key));
        var keys = new DtlsOwnKeys { AcceptsPreSharedKeys = true, Key = key, RawPublicKeys = true, Chain = [.. _server.Chain.Select(c => new ReadOnlyMemory<byte>(c))] };
        return new DtlsServer(keys, new TestCredentials());
    }

    /// <summary>We are the device, by its key.</summary>
    public static OwnCredentials Key { get; } = new OwnCredentials.PreSharedKey(Encoding.UTF8.GetBytes(SecureCase.Identity), Convert.FromHexString(SecureCase.Key));

    /// <summary>We are the device, by its raw public key.</summary>
    public static OwnCredentials RawKey => new OwnCredentials.PublicKey(File.ReadAllBytes(_client.KeyDer), File.ReadAllBytes(_server.PublicKeyDer));

    /// <summary>We are the device, by its certificate; the server's is below an authority.</summary>
    public static OwnCredentials Certificate(byte[] authority) => new OwnCredentials.Certificate([.. _client.Chain.Select(c => new ReadOnlyMemory<byte>(c))], File.ReadAllBytes(_client.KeyDer),
        new CertificateRule(CertificateUsage.TrustAnchor, CertificateMatching.Exact, authority));

    public ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel) => ValueTask.FromResult<PeerVerdict>(claim switch
    {
        PeerClaim.PreSharedKey asked when Encoding.UTF8.GetString(asked.Identity.Span) == SecureCase.Identity =>
            new PeerVerdict.Accepted(new PeerIdentity.PreSharedKey(SecureCase.Identity), Convert.FromHexString(SecureCase.Key)),
        PeerClaim.PublicKey shown when shown.SubjectPublicKeyInfo.Span.SequenceEqual(File.ReadAllBytes(_client.PublicKeyDer)) =>
            new PeerVerdict.Accepted(new PeerIdentity.PublicKey(Fingerprint.Of(shown.SubjectPublicKeyInfo.Span))),
        PeerClaim.Certificates shown when shown.Chain[0].Span.SequenceEqual(_client.Chain[0]) =>
            new PeerVerdict.Accepted(new PeerIdentity.Certificate("CN=client", "client", [], Fingerprint.Of(shown.Chain[0].Span))),
        _ => new PeerVerdict.Refused(PeerRefusal.Unknown, "The test does not know it."),
    });
}
