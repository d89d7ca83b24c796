using System.Security.Cryptography;
using System.Text.Json;
using Starling.Testing;

namespace Starling.Crypto.Tests;

/// <summary>Project Wycheproof's cases of P-256. What is not in the one form that TLS has is refused, even where another reader would take it.</summary>
public sealed class P256VectorTests
{
    private const string Signatures = "ecdsa_secp256r1_sha256_test.json";
    private const string PlainSignatures = "ecdsa_secp256r1_sha256_p1363_test.json";
    private const string Points = "ecdh_secp256r1_ecpoint_test.json";
    private const string Keys = "ecdh_secp256r1_test.json";

    [TestDataFact("vectors/wycheproof/" + Signatures)]
    public void Every_signature_is_verified_or_refused()
    {
        var valid = 0;
        Wycheproof.Each(Signatures, (group, test) =>
        {
            var isValid = P256.Verify(group.GetProperty("publicKey").Bytes("uncompressed"), SHA256.HashData(test.Bytes("msg")), test.Bytes("sig"));
            Assert.True((test.Result() == "valid") == isValid, test.Name());
            valid += isValid ? 1 : 0;
        });
        Assert.Equal(174, valid);
    }

    // The same numbers without DER around them: what remains is r and s out of range, and arithmetic.
    [TestDataFact("vectors/wycheproof/" + PlainSignatures)]
    public void Every_plain_signature_is_verified_or_refused()
    {
        int valid = 0, notOurs = 0;
        Wycheproof.Each(PlainSignatures, (group, test) =>
        {
            var plain = test.Bytes("sig");
            if (plain.Length != 64)
            {
                Assert.Equal("invalid", test.Result());
                notOurs++;
                return;
            }
            var der = Der.SignatureOf(plain);
            var isValid = P256.Verify(group.GetProperty("publicKey").Bytes("uncompressed"), SHA256.HashData(test.Bytes("msg")), der);
            Assert.True((test.Result() == "valid") == isValid, test.Name());
            valid += isValid ? 1 : 0;
        });
        Assert.Equal((173, 21), (valid, notOurs));
    }

    [TestDataFact("vectors/wycheproof/" + Points)]
    public void Every_point_is_agreed_with_or_refused()
    {
        var (agreed, notOurs) = Agree(Points, test => test.Bytes("public"));
        Assert.Equal((330, 1), (agreed, notOurs));
    }

    [TestDataFact("vectors/wycheproof/" + Keys)]
    public void Every_public_key_is_agreed_with_or_refused()
    {
        var (agreed, notOurs) = Agree(Keys, test => RawPublicKey.TryRead(test.Bytes("public"), out var key) ? key.Point.ToArray() : []);
        Assert.Equal((330, 230), (agreed, notOurs));
    }

    // Counts what was agreed, and what others may take but we do not.
    private static (int Agreed, int NotOurs) Agree(string file, Func<JsonElement, byte[]> point)
    {
        int agreed = 0, notOurs = 0;
        Wycheproof.Each(file, (_, test) =>
        {
            using var own = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Scalar(test.Bytes("private")) });
            var secret = new byte[P256.SecretSize];
            if (P256.TryAgree(own, point(test), secret))
            {
                Assert.True(test.Result() != "invalid" && secret.AsSpan().SequenceEqual(test.Bytes("shared")), test.Name());
                agreed++;
                return;
            }
            Assert.All(secret, b => Assert.Equal(0, b));
            notOurs += test.Result() == "invalid" ? 0 : 1;
        });
        return (agreed, notOurs);
    }

    private static byte[] Scalar(byte[] value)
    {
        var trimmed = value.AsSpan().TrimStart((byte)0);
        var scalar = new byte[32];
        trimmed.CopyTo(scalar.AsSpan(32 - trimmed.Length));
        return scalar;
    }
}
