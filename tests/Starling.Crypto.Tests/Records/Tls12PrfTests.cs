using System.Text;

namespace Starling.Crypto.Tests;

public sealed class Tls12PrfTests
{
    // The example that the TLS working group's list has for P_SHA256.
    [Fact]
    public void Published_example_is_expanded()
    {
        var output = new byte[100];
        Tls12Prf.Expand(Convert.FromHexString("9bbe436ba940f017b17652849a71db35"), "test label"u8, Convert.FromHexString("a0ba9f936cda311827a6f796ffd5198c"), output);
        Assert.Equal(
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b"
            + "97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
            Convert.ToHexStringLower(output));
    }

    [Fact]
    public void Any_secret_seed_and_length_are_as_RFC_5246_says()
    {
        var random = new Random(12);
        for (var i = 0; i < 500; i++)
        {
            byte[] secret = new byte[random.Next(140)], seed = new byte[random.Next(120)], output = new byte[random.Next(200)];
            random.NextBytes(secret);
            random.NextBytes(seed);
            var cut = random.Next(seed.Length + 1);
            Tls12Prf.Expand(secret, "key expansion"u8, seed.AsSpan(0, cut), seed.AsSpan(cut), output);
            Assert.Equal(Expected(secret, [.. Encoding.ASCII.GetBytes("key expansion"), .. seed], output.Length), output);
        }
    }

    [Fact]
    public void Expanding_allocates_nothing()
    {
        byte[] secret = new byte[48], seed = new byte[64], output = new byte[48];
        var before = 0L;
        for (var i = 0; i < 20; i++)
        {
            before = i == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            Tls12Prf.Expand(secret, "master secret"u8, seed, output);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static byte[] Expected(byte[] secret, byte[] seed, int length)
    {
        var output = new List<byte>();
        for (var a = Reference.Hmac(secret, seed); output.Count < length; a = Reference.Hmac(secret, a))
        {
            output.AddRange(Reference.Hmac(secret, [.. a, .. seed]));
        }
        return [.. output.Take(length)];
    }
}
