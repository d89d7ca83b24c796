using Starling.Crypto;
using Sent = Starling.Dtls.Tests.ScriptedCarrier.Sent;

namespace Starling.Dtls.Tests;

/// <summary>Signatures and points that are not what they claim; keys that are not the peer's.</summary>
public sealed class ForgeryTests
{
    // ECDSA-Sig-Value (RFC 3279 §2.2.3) with r, s, or both 0, or r = s = 1.
    public static TheoryData<string> BadSignatures => ["3006020100020100", "3006020100020101", "3006020101020100", "3006020101020101", "", "30", "3000", "ff"];

    [Theory]
    [MemberData(nameof(BadSignatures))]
    public void Server_with_such_a_signature_is_refused(string hex)
    {
        var theatre = new HandshakeTheatre(0xc0ae);
        theatre.Server.Script = sent => [sent.Type == HandshakeType.ServerKeyExchange ? sent with { Body = WithSignature(sent.Body[..69], hex) } : sent];
        Assert.Equal(DtlsAlert.DecryptError, theatre.Play().Client.Handshake.Failure?.Alert);
    }

    [Theory]
    [MemberData(nameof(BadSignatures))]
    public void Client_with_such_a_signature_is_refused(string hex)
    {
        var theatre = new HandshakeTheatre(0xc0ae);
        theatre.Client.Script = sent => [sent.Type == HandshakeType.CertificateVerify ? sent with { Body = WithSignature([], hex) } : sent];
        Assert.Equal(DtlsAlert.DecryptError, theatre.Play().Server.Handshake.Failure?.Alert);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Key_of_another_is_of_no_use(bool isClient)
    {
        var theatre = new HandshakeTheatre(0xc0ae);
        using var victim = OwnKey.Create();
        byte[] shown = [0, 0, RawPublicKey.Size, .. victim.Public.SubjectPublicKeyInfo.Span];
        theatre[isClient].Script = sent => [sent.Type == HandshakeType.Certificate ? sent with { Body = shown } : sent];
        var asked = 0;
        theatre.Answer = _ =>
        {
            asked++;
            return new DtlsAnswer.Accepted();
        };
        Assert.Equal(DtlsAlert.DecryptError, theatre.Play()[!isClient].Handshake.Failure?.Alert);
        Assert.Equal(isClient ? 1 : 0, asked);   // of a client that holds no key nobody asks; the client had asked about the honest server
    }

    [Theory]
    [InlineData(0xc0ae, true)]
    [InlineData(0xc0ae, false)]
    [InlineData(0xd003, true)]
    [InlineData(0xd003, false)]
    public void Point_off_the_curve_is_refused(ushort suite, bool byClient)
    {
        foreach (var change in (Action<byte[]>[])[p => p[40] ^= 1, p => p[0] = 2, p => p.AsSpan(1).Clear(), p => p.AsSpan(1).Fill(0xff)])
        {
            var theatre = new HandshakeTheatre(suite);
            theatre[byClient].Script = sent => [WithPoint(sent, suite, byClient, change)];
            var failure = theatre.Play()[!byClient].Handshake.Failure;
            Assert.NotNull(failure);
            Assert.Contains(failure.Alert, (DtlsAlert[])[DtlsAlert.IllegalParameter, DtlsAlert.DecryptError]);   // a signed point's signature fails first
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(90)]
    public void Raw_key_that_is_none_is_refused(int length)
    {
        var theatre = new HandshakeTheatre(0xc0ae);
        theatre.Client.Script = sent => [sent.Type == HandshakeType.Certificate ? sent with { Body = [0, 0, (byte)length, .. new byte[length]] } : sent];
        Assert.NotNull(theatre.Play().Server.Handshake.Failure);
        Assert.False(theatre.Server.Handshake.IsDone);
    }

    [Fact]
    public void Peer_that_nobody_knows_is_refused()
    {
        var theatre = new HandshakeTheatre(0xc0ae) { Answer = _ => new DtlsAnswer.UnknownIdentity() };
        Assert.Equal(DtlsAlert.CertificateUnknown, theatre.Play().Client.Handshake.Failure?.Alert);
    }

    [Fact]
    public void Work_that_never_ran_establishes_nothing()
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        pair.ClientSettings = pair.ClientSettings with { Suites = [CipherSuite.EcdheEcdsaAes128Ccm8] };
        pair.RunsWork = false;
        pair.Connect();
        Assert.Equal(DtlsAlert.InternalError, pair.Server!.Progress.AlertSent);
        Assert.Equal(DtlsStatus.Closed, pair.Client.Status);
    }

    private static byte[] WithSignature(byte[] before, string hex)
    {
        var signature = Convert.FromHexString(hex);
        return [.. before, 4, 3, 0, (byte)signature.Length, .. signature];
    }

    // The point is the last 65 bytes of a ClientKeyExchange; in a ServerKeyExchange it follows the hint, if there is one, and four bytes.
    private static Sent WithPoint(Sent sent, ushort suite, bool byClient, Action<byte[]> change)
    {
        if (sent.Type != (byClient ? HandshakeType.ClientKeyExchange : HandshakeType.ServerKeyExchange))
        {
            return sent;
        }
        var body = (byte[])sent.Body.Clone();
        var at = byClient ? body.Length - 65 : suite == 0xd003 ? 6 : 4;
        var point = body[at..(at + 65)];
        change(point);
        point.CopyTo(body, at);
        return sent with { Body = body };
    }
}
