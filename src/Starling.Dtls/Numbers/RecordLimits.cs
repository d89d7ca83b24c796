namespace Starling.Dtls;

/// <summary>How large records may be.</summary>
internal static class RecordLimits
{
    /// <summary>The longest plaintext (RFC 5246 §6.2.1).</summary>
    public const int MaxPlaintext = 16384;

    /// <summary>The lowest limit a peer may set (RFC 8449 §4).</summary>
    public const int MinPlaintext = 64;

    /// <summary>The longest protected fragment (RFC 5246 §6.2.3).</summary>
    public const int MaxFragment = MaxPlaintext + 2048;

    /// <summary>The lengths that RFC 6066 §4 has numbers for: 1 is 512 bytes, 4 is 4096. 0 for other numbers.</summary>
    public static int OfCode(byte code) => code is >= 1 and <= 4 ? 256 << code : 0;

    /// <summary>The number of a length; 0 where it has none.</summary>
    public static byte CodeOf(int length) => length switch { 512 => 1, 1024 => 2, 2048 => 3, 4096 => 4, _ => 0 };
}
