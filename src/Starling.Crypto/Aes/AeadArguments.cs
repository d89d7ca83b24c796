using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Starling.Crypto;

/// <summary>What every authenticated cipher here asks of its caller.</summary>
internal static class AeadArguments
{
    public static void CheckKeyAndText(ReadOnlySpan<byte> key, ReadOnlySpan<byte> from, Span<byte> to)
    {
        if (key.Length != Aes128.KeySize)
        {
            Refuse("A key has 16 bytes.");
        }
        if (from.Length != to.Length)
        {
            Refuse("Plaintext and ciphertext are equally long.");
        }
        if (from.Overlaps(to, out var offset) && offset != 0)
        {
            Refuse("Plaintext and ciphertext are the same bytes or quite apart.");
        }
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Refuse(string why) => throw new ArgumentException(why);
}
