using Starling.Testing;

namespace Starling.Crypto.Tests;

/// <summary>Project Wycheproof's AES-GCM. Keys of 192 and 256 bits and nonces other than 12 bytes, which TLS and OSCORE do not have, are counted, not run.</summary>
public sealed class AesGcmVectorTests
{
    private const string File = "aes_gcm_test.json";

    [TestDataFact("vectors/wycheproof/" + File)]
    public void Every_case_of_128_bits_is_sealed_opened_or_refused()
    {
        int ran = 0, refused = 0, misuse = 0, notOurs = 0;
        Wycheproof.Each(File, (_, test) =>
        {
            byte[] key = test.Bytes("key"), nonce = test.Bytes("iv"), text = test.Bytes("msg"), ciphertext = test.Bytes("ct"), tag = test.Bytes("tag"), associated = test.Bytes("aad");
            if (key.Length != AesGcm128.KeySize)
            {
                notOurs++;
                return;
            }
            var opened = new byte[ciphertext.Length];
            if (nonce.Length != AesGcm128.NonceSize)
            {
                Assert.Throws<ArgumentException>(() => AesGcm128.TryOpen(key, nonce, ciphertext, tag, opened, associated));
                misuse++;
                return;
            }
            var valid = test.Result() == "valid";
            Assert.True(valid == AesGcm128.TryOpen(key, nonce, ciphertext, tag, opened, associated), test.Name());
            var made = new byte[tag.Length];
            AesGcm128.Seal(key, nonce, text, opened, made, associated);
            Assert.True(opened.AsSpan().SequenceEqual(ciphertext), test.Name());
            Assert.True(valid == made.AsSpan().SequenceEqual(tag), test.Name());
            (ran, refused) = (ran + 1, refused + (valid ? 0 : 1));
        });
        Assert.Equal((67, 27, 41, 208), (ran, refused, misuse, notOurs));
    }
}
