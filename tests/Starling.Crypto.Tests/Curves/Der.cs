namespace Starling.Crypto.Tests;

/// <summary>Writes the little DER that tests need.</summary>
internal static class Der
{
    /// <summary>r and s, half of the bytes each, as an ECDSA-Sig-Value.</summary>
    public static byte[] SignatureOf(byte[] plain)
    {
        byte[] numbers = [.. Integer(plain.AsSpan(0, plain.Length / 2)), .. Integer(plain.AsSpan(plain.Length / 2))];
        return [0x30, (byte)numbers.Length, .. numbers];
    }

    /// <summary>A number that is not negative.</summary>
    public static byte[] Integer(ReadOnlySpan<byte> value)
    {
        var trimmed = value.TrimStart((byte)0);
        byte[] content = trimmed.IsEmpty || trimmed[0] > 0x7f ? [0, .. trimmed] : trimmed.ToArray();
        return [0x02, (byte)content.Length, .. content];
    }
}
