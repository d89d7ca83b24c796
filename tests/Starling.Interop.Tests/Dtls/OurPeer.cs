using System.Text;
using Starling.Crypto;
using Starling.Dtls;

namespace Starling.Interop.Tests;

/// <summary>Starling.Dtls on a bare socket.</summary>
internal sealed class OurPeer : SecurePeer
{
    public override SecureSession Listen(int port, SecureCase what) => Server(port, what);

    public override SecureSession Connect(int port, SecureCase what) => Client(port, what);

    public static OurSession Server(int port, SecureCase what) => OurSession.Server(port, new OurSettings(Settings(what, what.ServerConnectionId),
        what.Names.IsPreShared ? new DtlsOwnKeys { AcceptsPreSharedKeys = true } : Own(what, TestKeys.Shared.ServerOf(what)), new Judge(what, TestKeys.Shared.ClientOf(what), CertificatePurpose.Client)));

    /// <param name="port">The server's port.</param>
    /// <param name="what">What the session is to be like.</param>
    /// <param name="resume">An earlier session.</param>
    public static OurSession Client(int port, SecureCase what, DtlsResumption? resume = null)
    {
        var own = what.Names.IsPreShared
            ? new DtlsOwnKeys { PreSharedKey = new(Encoding.UTF8.GetBytes(what.ClientIdentity), Convert.FromHexString(what.ClientKey)) }
            : Own(what, TestKeys.Shared.ClientOf(what));
        var settings = Settings(what, what.ClientConnectionId) with { MaxFragmentLength = what.Fragment };
        return OurSession.Client(port, new OurSettings(settings, own, new Judge(what, TestKeys.Shared.ServerOf(what), CertificatePurpose.Server)), TestKeys.ServerName, resume);
    }

    private static DtlsSettings Settings(SecureCase what, int? connectionId) =>
        new() { Suites = [new CipherSuite(what.Suite)], ConnectionIdLength = (byte?)connectionId, KeyLog = what.KeyLog, RecordSizeLimit = what.Limit > 0 ? what.Limit : 16384 };

    private static DtlsOwnKeys Own(SecureCase what, KeyFiles files)
    {
        Assert.True(OwnKey.TryRead(File.ReadAllBytes(files.KeyDer), out var key));
        return new DtlsOwnKeys { Key = key, RawPublicKeys = what.RawKeys, Chain = what.RawKeys ? [] : [.. files.Chain.Select(c => new ReadOnlyMemory<byte>(c))] };
    }

    /// <summary>Knows the other side of a test.</summary>
    internal sealed record Judge(SecureCase What, KeyFiles Peer, CertificatePurpose Purpose)
    {
        public DtlsAnswer Answer(DtlsQuery query) => query switch
        {
            DtlsQuery.PreSharedKey asked when Encoding.UTF8.GetString(asked.Identity.Span) == SecureCase.Identity => new DtlsAnswer.Key(Convert.FromHexString(SecureCase.Key)),
            DtlsQuery.PreSharedKey => new DtlsAnswer.UnknownIdentity(),
            DtlsQuery.PublicKey shown when shown.SubjectPublicKeyInfo.Span.SequenceEqual(File.ReadAllBytes(Peer.PublicKeyDer)) => new DtlsAnswer.Accepted(),
            DtlsQuery.Certificates shown when Vouched(shown) => new DtlsAnswer.Accepted(),
            _ => new DtlsAnswer.Refused(DtlsAlert.BadCertificate),
        };

        private bool Vouched(DtlsQuery.Certificates shown)
        {
            Assert.True(TrustAnchors.TryRead([TestKeys.Shared.AuthorityDer], out var anchors));
            if (!CertificateChain.TryRead(shown.Chain, out var chain, out _))
            {
                return false;
            }
            using (anchors)
            using (chain)
            {
                return shown.Chain[0].Span.SequenceEqual(Peer.Chain[0]) && CertificatePath.Check(chain, anchors, Purpose, TimeProvider.System.GetUtcNow()).Problem is null;
            }
        }
    }
}
