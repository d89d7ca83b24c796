using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Starling.Testing;

namespace Starling.Crypto.Tests;

public sealed class HmacSha256Tests
{
    [Fact]
    public void Every_length_of_key_and_message_is_as_the_platform_does_it()
    {
        var bytes = new byte[200];
        new Random(5).NextBytes(bytes);
        for (var key = 0; key <= 130; key += 13)
        {
            for (var length = 0; length <= bytes.Length; length++)
            {
                Assert.Equal(HMACSHA256.HashData(bytes.AsSpan(0, key), bytes.AsSpan(0, length)), Mac(bytes.AsSpan(0, key), bytes.AsSpan(0, length)));
            }
        }
    }

    [Fact]
    public void Message_in_pieces_and_after_another_is_the_same()
    {
        var bytes = new byte[300];
        var random = new Random(6);
        random.NextBytes(bytes);
        var hmac = new HmacSha256(bytes.AsSpan(0, 20));
        var mac = new byte[32];
        for (var i = 0; i < 200; i++)
        {
            int first = random.Next(bytes.Length), second = random.Next(first, bytes.Length);
            hmac.Append(bytes.AsSpan(0, first));
            hmac.Append(bytes.AsSpan(first, second - first));
            hmac.Append(bytes.AsSpan(second));
            hmac.Finish(mac);
            Assert.Equal(HMACSHA256.HashData(bytes.AsSpan(0, 20), bytes), mac);
        }
    }

    [Fact]
    public void Wiped_state_holds_nothing_of_the_key()
    {
        var hmac = new HmacSha256("key"u8);
        hmac.Append("message"u8);
        hmac.Wipe();
        Assert.True(!MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref hmac, 1)).ContainsAnyExcept((byte)0));
    }

    [TestDataFact("vectors/wycheproof/hmac_sha256_test.json")]
    public void Every_published_case_is_made_or_told_from_it()
    {
        var valid = 0;
        Wycheproof.Each("hmac_sha256_test.json", (group, test) =>
        {
            byte[] key = test.Bytes("key"), message = test.Bytes("msg"), tag = test.Bytes("tag");
            foreach (var mac in new[] { Mac(key, message), HMACSHA256.HashData(key, message) })
            {
                Assert.True((test.Result() == "valid") == mac.AsSpan(0, group.Size("tagSize")).SequenceEqual(tag), test.Name());
            }
            valid += test.Result() == "valid" ? 1 : 0;
        });
        Assert.Equal(66, valid);
    }

    private static byte[] Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        var mac = new byte[32];
        var hmac = new HmacSha256(key);
        hmac.Append(message);
        hmac.Finish(mac);
        return mac;
    }
}
