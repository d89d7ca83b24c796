using System.Security.Cryptography;

namespace Starling.Crypto.Tests;

public sealed class OwnKeyTests
{
    [Theory]
    [InlineData(0, true, false, false)]    // PKCS #8 as most programs write it
    [InlineData(0, false, false, false)]   // RFC 5958: the public key may be left out
    [InlineData(0, true, true, false)]
    [InlineData(1, false, false, true)]    // OneAsymmetricKey v2 with its public key outside
    [InlineData(1, true, false, true)]
    public void Key_is_read_with_its_public_key_wherever_that_stands(int version, bool inner, bool curve, bool outer)
    {
        using var original = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(OwnKey.TryRead(KeyText.Pkcs8(original.ExportParameters(true), version, inner, curve, outer), out var key));
        using (key)
        {
            Assert.Equal(original.ExportSubjectPublicKeyInfo(), key.Public.SubjectPublicKeyInfo.ToArray());
            var signature = new byte[OwnKey.MaxSignature];
            var length = key.Sign(SHA256.HashData("hello"u8), signature);
            Assert.True(original.VerifyData("hello"u8, signature.AsSpan(0, length), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
    }

    [Fact]
    public void Key_of_a_curve_by_name_is_read()
    {
        using var original = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(OwnKey.TryRead(original.ExportECPrivateKey(), out var key));
        Assert.Equal(original.ExportSubjectPublicKeyInfo(), key.Public.SubjectPublicKeyInfo.ToArray());
        Assert.True(OwnKey.TryReadPem(original.ExportECPrivateKeyPem(), out var again));
        Assert.True(again.Public.Matches(key.Public.SubjectPublicKeyInfo.Span));
    }

    [Fact]
    public void Key_written_is_the_key_read()
    {
        using var key = OwnKey.Create();
        Assert.True(OwnKey.TryReadPem(key.ToPem(), out var read));
        Assert.Equal(key.Public.Fingerprint, read.Public.Fingerprint);
        Assert.True(OwnKey.TryRead(key.ToDer(), out read));
        Assert.Equal(key.Public.Fingerprint, read.Public.Fingerprint);
    }

    [Fact]
    public void Key_with_the_public_key_of_another_is_refused()
    {
        using var one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var mixed = one.ExportParameters(true);
        mixed.Q = other.ExportParameters(false).Q;
        Assert.False(OwnKey.TryRead(KeyText.Pkcs8(mixed, 0, true, false, false), out _));
        Assert.False(OwnKey.TryRead(KeyText.Pkcs8(mixed, 1, false, false, true), out _));
    }

    [Fact]
    public void Key_of_another_curve_is_refused()
    {
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.False(OwnKey.TryRead(larger.ExportPkcs8PrivateKey(), out _));
        Assert.False(OwnKey.TryRead(larger.ExportECPrivateKey(), out _));
        Assert.False(OwnKey.TryReadPem("no key at all", out _));
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")]   // the order of the curve
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("01")]
    public void Key_out_of_range_is_refused(string scalar) =>
        Assert.False(OwnKey.TryRead(KeyText.Pkcs8(new ECParameters { D = Convert.FromHexString(scalar) }, 0, false, false, false), out _));

    [Fact]
    public void Key_cut_or_prolonged_or_bent_is_refused_or_another_key()
    {
        using var original = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = KeyText.Pkcs8(original.ExportParameters(true), 1, true, true, true);
        Assert.True(OwnKey.TryRead(der, out _));
        for (var length = 0; length < der.Length; length++)
        {
            Assert.False(OwnKey.TryRead(der.AsSpan(0, length), out _));
        }
        Assert.False(OwnKey.TryRead([.. der, 0], out _));
        for (var i = 0; i < der.Length; i++)
        {
            byte[] bent = [.. der];
            bent[i] ^= 0x55;
            Assert.False(OwnKey.TryRead(bent, out _), $"byte {i}");   // each byte counts: private and public key fit each other
        }
    }
}
