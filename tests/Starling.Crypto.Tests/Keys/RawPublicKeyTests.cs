using System.Security.Cryptography;

namespace Starling.Crypto.Tests;

public sealed class RawPublicKeyTests
{
    [Fact]
    public void Key_is_read_and_named_by_its_fingerprint()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var info = pair.ExportSubjectPublicKeyInfo();
        Assert.True(RawPublicKey.TryRead(info, out var key));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(info)), key.Fingerprint);
        var point = pair.ExportParameters(false).Q;
        Assert.Equal([4, .. point.X!, .. point.Y!], key.Point.ToArray());
        Assert.True(RawPublicKey.TryReadPem(pair.ExportSubjectPublicKeyInfoPem(), out var same));
        Assert.True(same.Matches(info));
        Assert.True(RawPublicKey.TryReadPem(key.ToPem(), out _));
    }

    [Fact]
    public void Only_the_same_key_matches()
    {
        using var one = OwnKey.Create();
        using var other = OwnKey.Create();
        Assert.False(one.Public.Matches(other.Public.SubjectPublicKeyInfo.Span));
        Assert.False(one.Public.Matches([]));
        Assert.False(one.Public.Matches(one.Public.SubjectPublicKeyInfo.Span[..^1]));
        Assert.True(one.Public.Matches(one.Public.SubjectPublicKeyInfo.Span));
    }

    [Fact]
    public void Point_off_the_curve_is_refused()
    {
        using var key = OwnKey.Create();
        var info = key.Public.SubjectPublicKeyInfo.ToArray();
        for (var i = 0; i < info.Length; i++)
        {
            byte[] bent = [.. info];
            bent[i] ^= 1;   // an x has two y: changing one coordinate alone leaves the curve
            Assert.False(RawPublicKey.TryRead(bent, out _), $"byte {i}");
        }
        info.AsSpan(27).Clear();
        Assert.False(RawPublicKey.TryRead(info, out _));
    }

    [Fact]
    public void Point_is_found_by_form_alone()
    {
        using var key = OwnKey.Create();
        var info = key.Public.SubjectPublicKeyInfo.ToArray();
        Assert.True(RawPublicKey.TryReadPoint(info, out var point));
        Assert.Equal(key.Public.Point, point);
        info[^1] ^= 1;
        Assert.True(RawPublicKey.TryReadPoint(info, out _));    // off the curve, which shows when it is used
        info[10] ^= 1;
        Assert.False(RawPublicKey.TryReadPoint(info, out point));
        Assert.True(point.IsEmpty);
    }

    [Fact]
    public void Other_length_curve_or_encoding_is_refused()
    {
        using var key = OwnKey.Create();
        var info = key.Public.SubjectPublicKeyInfo.ToArray();
        for (var length = 0; length < info.Length; length++)
        {
            Assert.False(RawPublicKey.TryRead(info.AsSpan(0, length), out _));
        }
        Assert.False(RawPublicKey.TryRead([.. info, 0], out _));
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.False(RawPublicKey.TryRead(larger.ExportSubjectPublicKeyInfo(), out _));
        using var rsa = RSA.Create(2048);
        Assert.False(RawPublicKey.TryRead(rsa.ExportSubjectPublicKeyInfo(), out _));
    }
}
