namespace Starling.Crypto.Tests;

/// <summary>The sizes of one random case, in bytes.</summary>
internal readonly record struct AeadCase(int Nonce, int Tag);

/// <summary>Puts two implementations of one cipher side by side on random cases; a failure names seed and case.</summary>
internal static class AeadComparison
{
    private const int MaxText = 300;

    public static void Run(Aead own, Aead other, int seed, int cases, Func<Random, AeadCase> draw)
    {
        var random = new Random(seed);
        for (var i = 0; i < cases; i++)
        {
            var sizes = draw(random);
            byte[] key = Bytes(random, 16), nonce = Bytes(random, sizes.Nonce), text = Bytes(random, Length(random)), associated = Bytes(random, Length(random));
            byte[] sealed1 = (byte[])text.Clone(), sealed2 = new byte[text.Length], tag1 = new byte[sizes.Tag], tag2 = new byte[sizes.Tag];
            own.Seal(key, nonce, sealed1, sealed1, tag1, associated);
            other.Seal(key, nonce, text, sealed2, tag2, associated);
            var name = $"seed {seed}, case {i}, {sizes}, {text.Length} bytes, {associated.Length} associated";
            Assert.True(sealed1.AsSpan().SequenceEqual(sealed2) && tag1.AsSpan().SequenceEqual(tag2), name);
            Assert.True(own.TryOpen(key, nonce, sealed2, tag2, sealed2, associated) && sealed2.AsSpan().SequenceEqual(text), name);
            Spoil(random, own, [key, nonce, sealed1, tag1, associated], name);
        }
    }

    // One bit of anything: nothing opens, and nothing of the text is left.
    private static void Spoil(Random random, Aead own, byte[][] parts, string name)
    {
        var part = parts[random.Next(parts.Length)];
        if (part.Length == 0)
        {
            return;
        }
        part[random.Next(part.Length)] ^= (byte)(1 << random.Next(8));
        var opened = Enumerable.Repeat((byte)0x55, parts[2].Length).ToArray();
        Assert.False(own.TryOpen(parts[0], parts[1], parts[2], parts[3], opened, parts[4]), name);
        Assert.True(!opened.AsSpan().ContainsAnyExcept((byte)0), name);
    }

    // Often the edges of a block, and nothing at all.
    private static int Length(Random random) => random.Next(3) switch
    {
        0 => 16 * random.Next(4),
        1 => random.Next(34),
        _ => random.Next(MaxText),
    };

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
