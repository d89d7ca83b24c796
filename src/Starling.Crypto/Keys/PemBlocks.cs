using System.Security.Cryptography;

namespace Starling.Crypto;

/// <summary>What stands between BEGIN and END in texts that people give (RFC 7468).</summary>
internal static class PemBlocks
{
    /// <summary>The bytes of the first block with this label; null when there is none.</summary>
    public static byte[]? Find(ReadOnlySpan<char> text, string label)
    {
        foreach (var block in All(text, label, 1))
        {
            return block;
        }
        return null;
    }

    /// <summary>The bytes of the blocks with this label, in order; those beyond a number are left out.</summary>
    public static List<byte[]> All(ReadOnlySpan<char> text, string label, int most)
    {
        var blocks = new List<byte[]>();
        while (blocks.Count < most && PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label].SequenceEqual(label))
            {
                blocks.Add(Convert.FromBase64String(text[fields.Base64Data].ToString()));
            }
            text = text[fields.Location.End..];
        }
        return blocks;
    }
}
