using System.Runtime.Intrinsics;

namespace Starling.Crypto;

/// <summary>The last block of a text, of which only a part is there.</summary>
internal static class PartialBlock
{
    /// <summary>The part, and zeros to the block's end.</summary>
    public static Vector128<byte> Read(ReadOnlySpan<byte> part)
    {
        Span<byte> block = stackalloc byte[Aes128.BlockSize];
        block.Clear();
        part.CopyTo(block);
        return Vector128.Create<byte>(block);
    }

    /// <summary>Writes as much of a block as there is room for.</summary>
    public static void Write(Vector128<byte> block, Span<byte> part)
    {
        Span<byte> whole = stackalloc byte[Aes128.BlockSize];
        block.CopyTo(whole);
        whole[..part.Length].CopyTo(part);
    }
}
