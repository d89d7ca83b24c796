using System.Buffers;
using System.Buffers.Text;

namespace Starling.Lwm2m;

/// <summary>Base64 as peers write it: either alphabet, with padding or without (RFC 4648 §4, §5).</summary>
internal static class Base64Text
{
    /// <summary>Reads it into an array of its own.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> utf8, out byte[] bytes)
    {
        bytes = [];
        var text = utf8.TrimEnd((byte)'=');
        if (utf8.Length - text.Length > 2 || text.Length % 4 == 1 || text.ContainsAny(" \t\r\n"u8))
        {
            return false;
        }
        var rented = ArrayPool<byte>.Shared.Rent(text.Length);
        var url = rented.AsSpan(0, text.Length);
        text.Replace(url, (byte)'+', (byte)'-');
        url.Replace((byte)'/', (byte)'_');
        var result = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        var isRead = Base64Url.DecodeFromUtf8(url, result, out _, out var written) == OperationStatus.Done && written == result.Length;
        ArrayPool<byte>.Shared.Return(rented);
        bytes = isRead ? result : [];
        return isRead;
    }
}
