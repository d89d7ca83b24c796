namespace Starling.Server;

/// <summary>
/// Whether a pre-shared key can be guessed. Who has recorded one handshake tries keys against it at home, as fast as there are machines (RFC 4279 §7.2), so a key
/// needs 128 bits of chance. What is found here is what no generator makes; a key that passes may still be known to many.
/// </summary>
internal static class KeyStrength
{
    private const int LeastBytes = 16;
    private const int LeastDifferent = 8;   // 16 random bytes have fewer once in a thousand million times

    /// <summary>Why it can be guessed, for people; null when nothing of the kind is seen.</summary>
    public static string? Weakness(ReadOnlySpan<byte> key)
    {
        if (key.Length < LeastBytes)
        {
            return $"The key has {Bytes(key.Length)}; shorter than {LeastBytes} it can be tried out.";
        }
        Span<bool> seen = stackalloc bool[256];
        var (different, areSteps, isText) = (0, true, true);
        for (var i = 0; i < key.Length; i++)
        {
            different += seen[key[i]] ? 0 : 1;
            seen[key[i]] = true;
            areSteps &= i < 2 || (byte)(key[i] - key[i - 1]) == (byte)(key[1] - key[0]);
            isText &= key[i] is >= 0x20 and < 0x7F;
        }
        return different < LeastDifferent ? $"The key has only {different} different {(different == 1 ? "byte" : "bytes")}: it is easily guessed."
            : areSteps ? "The bytes of the key follow one another: it is easily guessed."
            : isText ? "The key is text: words and digits are guessed much sooner than random bytes."
            : null;
    }

    private static string Bytes(int count) => count == 1 ? "1 byte" : $"{count} bytes";
}
