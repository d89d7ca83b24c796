using System.Security.Cryptography;

namespace Starling.Crypto.Tests;

public sealed class P256Tests
{
    private const string Order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private static readonly byte[] _hash = SHA256.HashData("hash"u8);

    [Fact]
    public void Two_sides_agree()
    {
        using ECDiffieHellman one = P256.CreateKey(), other = P256.CreateKey();
        byte[] onesPoint = new byte[P256.PointSize], othersPoint = new byte[P256.PointSize], onesSecret = new byte[32], othersSecret = new byte[32];
        P256.WritePoint(one, onesPoint);
        P256.WritePoint(other, othersPoint);
        Assert.True(P256.TryAgree(one, othersPoint, onesSecret));
        Assert.True(P256.TryAgree(other, onesPoint, othersSecret));
        Assert.Equal(onesSecret, othersSecret);
        Assert.Contains(onesSecret, b => b != 0);
    }

    [Fact]
    public void Points_that_are_none_are_refused()
    {
        using ECDiffieHellman own = P256.CreateKey(), peer = P256.CreateKey();
        var point = new byte[P256.PointSize];
        P256.WritePoint(peer, point);
        byte[][] wrong =
        [
            [], [0], new byte[65], [4, .. new byte[64]], point[..64], [.. point, 0], [6, .. point[1..]], [2, .. point[1..33]], [3, .. point[1..33]], [.. point[..64], (byte)(point[64] ^ 1)],
            [4, .. Enumerable.Repeat((byte)0xff, 64)], [4, .. point[33..], .. point[1..33]],
        ];
        foreach (var p in wrong)
        {
            var secret = Enumerable.Repeat((byte)1, 32).ToArray();
            Assert.False(P256.TryAgree(own, p, secret), Convert.ToHexString(p));
            Assert.All(secret, b => Assert.Equal(0, b));
            Assert.False(P256.TryImport(p, out _), Convert.ToHexString(p));
            Assert.False(P256.Verify(p, _hash, Der.SignatureOf(new byte[64])));
        }
    }

    [Fact]
    public void Signature_is_verified_and_no_other()
    {
        var (point, signature) = Signed();
        Assert.True(P256.Verify(point, _hash, signature));
        Assert.False(P256.Verify(point, SHA256.HashData("another"u8), signature));
        Assert.False(P256.Verify(point, _hash.AsSpan(1), signature));
        Assert.False(P256.Verify(Signed().Point, _hash, signature));
        for (var length = 0; length < signature.Length; length++)
        {
            Assert.False(P256.Verify(point, _hash, signature.AsSpan(0, length)));
        }
        Assert.False(P256.Verify(point, _hash, [.. signature, 0]));
    }

    [Theory]
    [InlineData("00", "01")]
    [InlineData("01", "00")]
    [InlineData("00", "00")]
    [InlineData(Order, "01")]
    [InlineData("01", Order)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "01")]
    public void Numbers_out_of_range_are_no_signature(string r, string s)
    {
        byte[] plain = [.. Convert.FromHexString(r.PadLeft(64, '0')), .. Convert.FromHexString(s.PadLeft(64, '0'))];
        Assert.False(SignatureValue.TryRead(Der.SignatureOf(plain), new byte[64]));
        Assert.False(P256.Verify(Signed().Point, _hash, Der.SignatureOf(plain)));
    }

    [Theory]
    [InlineData("3006020101020101", true)]
    [InlineData("308106020101020101", false)]     // a length that is longer than needed
    [InlineData("3080020101020101", false)]
    [InlineData("300702020001020101", false)]     // a zero too many
    [InlineData("3006020181020101", false)]       // negative
    [InlineData("3006020101030101", false)]
    [InlineData("3106020101020101", false)]
    [InlineData("3008020101020101" + "0500", false)]
    [InlineData("30050201010200", false)]
    [InlineData("3003020101", false)]
    [InlineData("3000", false)]
    [InlineData("", false)]
    public void Only_the_one_form_is_read(string hex, bool expected) => Assert.Equal(expected, SignatureValue.TryRead(Convert.FromHexString(hex), new byte[64]));

    [Fact]
    public void Bytes_that_nobody_meant_are_never_read_past_their_end()
    {
        var random = new Random(4);
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = new byte[random.Next(12)];
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] = (byte)(random.Next(3) == 0 ? random.Next(256) : "\x30\x02\x01\x06\x00\x03"[random.Next(6)]);
            }
            SignatureValue.TryRead(bytes, new byte[64]);
        }
    }

    private static (byte[] Point, byte[] Signature) Signed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var q = key.ExportParameters(false).Q;
        return ([4, .. q.X!, .. q.Y!], key.SignHash(_hash, DSASignatureFormat.Rfc3279DerSequence));
    }
}
