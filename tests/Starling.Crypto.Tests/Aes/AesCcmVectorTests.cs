using Starling.Testing;

namespace Starling.Crypto.Tests;

/// <summary>Project Wycheproof's AES-CCM. Two thirds of it have keys of 192 and 256 bits, which nothing here uses: they are counted, not run.</summary>
public sealed class AesCcmVectorTests
{
    private const string File = "aes_ccm_test.json";

    [TestDataFact("vectors/wycheproof/" + File)]
    public void Every_case_of_128_bits_is_sealed_opened_or_refused()
    {
        int ran = 0, refused = 0, misuse = 0, notOurs = 0;
        Wycheproof.Each(File, (group, test) =>
        {
            byte[] key = test.Bytes("key"), nonce = test.Bytes("iv"), text = test.Bytes("msg"), ciphertext = test.Bytes("ct"), tag = test.Bytes("tag"), associated = test.Bytes("aad");
            if (key.Length != AesCcm128.KeySize)
            {
                notOurs++;
                return;
            }
            var opened = new byte[ciphertext.Length];
            if (nonce.Length is < AesCcm128.MinNonceSize or > AesCcm128.MaxNonceSize || tag.Length < AesCcm128.MinTagSize || tag.Length % 2 != 0)
            {
                Assert.Equal("invalid", test.Result());
                Assert.Throws<ArgumentException>(() => AesCcm128.TryOpen(key, nonce, ciphertext, tag, opened, associated));
                misuse++;
                return;
            }
            var valid = test.Result() == "valid";
            Assert.True(valid == AesCcm128.TryOpen(key, nonce, ciphertext, tag, opened, associated), test.Name());
            var made = new byte[tag.Length];
            AesCcm128.Seal(key, nonce, text, opened, made, associated);
            Assert.True(opened.AsSpan().SequenceEqual(ciphertext), test.Name());
            Assert.True(valid == made.AsSpan().SequenceEqual(tag), test.Name());
            (ran, refused) = (ran + 1, refused + (valid ? 0 : 1));
        });
        Assert.Equal((162, 27, 22, 368), (ran, refused, misuse, notOurs));
    }
}
