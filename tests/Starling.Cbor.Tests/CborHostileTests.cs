namespace Starling.Cbor.Tests;

/// <summary>Bytes that nobody meant: nothing is thrown, and what is taken for well-formed reads the same when it is written again.</summary>
public sealed class CborHostileTests
{
    private static readonly string[] _seeds =
    [
        "a26161016162820203", "9f018202039f0405ffff", "7f657374726561646d696e67ff", "5f42010243030405ff", "bf61610161629f0203ffff",
        "c249010000000000000000", "fb7e37e43c8800759c", "d74401020304", "83019f0203ff820405", "3bffffffffffffffff",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_bytes_never_throw(int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[64];
        for (var i = 0; i < 50_000; i++)
        {
            var length = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(0, length));
            Check(bytes.AsSpan(0, length));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Mutated_items_never_throw(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = Convert.FromHexString(_seeds[random.Next(_seeds.Length)]);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            Check(bytes);
        }
    }

    private static void Check(ReadOnlySpan<byte> bytes)
    {
        var reader = new CborReader(bytes);
        if (!reader.TrySkip())
        {
            Assert.NotEqual(CborError.None, reader.Error);
            return;
        }
        var item = bytes[..reader.Position];
        var text = Diagnostic.Of(item, out var error);
        Assert.True(text is not null, $"{Convert.ToHexStringLower(item)} skips, but reads as {error}");
        Assert.Equal(text, Diagnostic.Of(Diagnostic.Rewrite(item), out _));
    }
}
