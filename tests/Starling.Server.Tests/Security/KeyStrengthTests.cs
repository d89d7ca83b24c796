using System.Security.Cryptography;

namespace Starling.Server.Tests;

/// <summary>Which pre-shared keys are warned of.</summary>
public class KeyStrengthTests
{
    [Theory]
    [InlineData("00", "1 byte")]
    [InlineData("8f3a0c55d19be2740196ac4de87b31", "15 bytes")]
    [InlineData("00000000000000000000000000000000", "only 1 different byte:")]
    [InlineData("deadbeefdeadbeefdeadbeefdeadbeef", "only 4 different bytes:")]
    [InlineData("000102030405060708090a0b0c0d0e0f", "follow one another")]
    [InlineData("00112233445566778899aabbccddeeff", "follow one another")]
    [InlineData("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0", "follow one another")]
    [InlineData("636f727265637420686f727365206261747465727920737461706c65", "is text")]
    public void Key_that_can_be_guessed_is_warned_of(string key, string why)
    {
        var credential = TestKeys.Psk("a", "dev-1") with { Key = Convert.FromHexString(key) };
        Assert.Contains(why, credential.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_a_generator_are_not_warned_of()
    {
        var random = new Random(7);
        var key = new byte[32];
        for (var i = 0; i < 10_000; i++)
        {
            random.NextBytes(key);
            Assert.Null((TestKeys.Psk("a", "dev-1") with { Key = key.AsMemory(0, 16 + (i % 17)) }).Warning);
        }
        Assert.Null(new Credential.PublicKey("b", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))).Warning);
    }
}
