using System.Buffers.Binary;
using System.Buffers.Text;

namespace Starling.Server;

/// <summary>
/// A registration's id: 96 random bits, on the wire 16 characters of base64url. Kept as numbers: a million of them need no strings.
/// </summary>
internal readonly record struct RegistrationId(ulong High, uint Low) : ITableKey
{
    /// <summary>How many characters it has on the wire.</summary>
    public const int Length = 16;

    /// <summary>How many random bytes it is made of.</summary>
    public const int Size = 12;

    public ulong Hash => High;

    public static RegistrationId From(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    public static bool TryParse(ReadOnlySpan<byte> ascii, out RegistrationId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (ascii.Length != Length
            || Base64Url.DecodeFromUtf8(ascii, bytes, out _, out var written) != System.Buffers.OperationStatus.Done
            || written != Size)
        {
            return false;
        }
        id = From(bytes);
        return true;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out RegistrationId id)
    {
        Span<byte> ascii = stackalloc byte[Length];
        id = default;
        return text.Length == Length && System.Text.Ascii.FromUtf16(text, ascii, out var count) == System.Buffers.OperationStatus.Done
            && TryParse(ascii[..count], out id);
    }

    public void Format(Span<byte> ascii)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Low);
        Base64Url.EncodeToUtf8(bytes, ascii, out _, out _);
    }

    public override string ToString()
    {
        Span<byte> ascii = stackalloc byte[Length];
        Format(ascii);
        return System.Text.Encoding.ASCII.GetString(ascii);
    }
}
