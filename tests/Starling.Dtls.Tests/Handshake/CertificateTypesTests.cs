using System.Buffers.Binary;

namespace Starling.Dtls.Tests;

/// <summary>What a server that has both a raw key and a certificate shows, and asks for (RFC 7250 §4.2).</summary>
public sealed class CertificateTypesTests
{
    private const int X509 = 0, Raw = 2;

    [Theory]
    [InlineData("02", "02", Raw, Raw)]
    [InlineData("02", "0002", Raw, Raw)]   // a client that can only show a raw key gets one, whatever it names first
    [InlineData("02", "0200", Raw, Raw)]
    [InlineData("02", "00", X509, Raw)]
    [InlineData("02", null, X509, Raw)]
    [InlineData("0002", "0002", X509, X509)]   // otherwise its order counts
    [InlineData("0200", "0200", Raw, Raw)]
    [InlineData(null, "0200", Raw, X509)]
    [InlineData(null, "0002", X509, X509)]
    [InlineData(null, null, X509, X509)]
    public void Server_shows_what_the_client_can_use(string? client, string? server, int shown, int asked)
    {
        var keys = TestKeys.Equip(new DtlsPair(), rawKeys: false);
        keys.ServerKeys = keys.ServerKeys with { RawPublicKeys = true };
        var theatre = new HandshakeTheatre(0xc0ae, keys: keys);
        theatre.Client.Script = sent => [sent.Type == HandshakeType.ClientHello ? sent with { Body = WithTypes(sent.Body, client, server) } : sent];
        var terms = theatre.Play().Server.Handshake.Terms;
        Assert.Equal(((CertificateType)shown, (CertificateType)asked), (terms.OwnCertificateType, terms.PeerCertificateType));
    }

    // The honest hello says nothing of types: its end has a certificate. The extensions are the last field.
    private static byte[] WithTypes(byte[] hello, string? client, string? server)
    {
        var at = 2 + 32;
        at += 1 + hello[at];   // session_id
        at += 1 + hello[at];   // cookie
        at += 2 + BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(at));   // cipher_suites
        at += 1 + hello[at];   // compression_methods
        byte[] changed = [.. hello, .. Extension(19, client), .. Extension(20, server)];
        BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(at), (ushort)(changed.Length - at - 2));
        return changed;
    }

    private static byte[] Extension(byte number, string? types)
    {
        if (types is null)
        {
            return [];
        }
        var list = Convert.FromHexString(types);
        return [0, number, 0, (byte)(list.Length + 1), (byte)list.Length, .. list];
    }
}
