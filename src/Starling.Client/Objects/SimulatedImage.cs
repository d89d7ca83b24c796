using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Starling.Client;

/// <summary>
/// A package that <see cref="SimulatedStorage"/> takes:
/// <code>
///   0      4        8                 40      41       41+n    42+n    42+n+v
///   +------+--------+-----------------+-------+--------+-------+---------+---------+
///   | STLG | length | SHA-256 of what | n     | name   | v     | version | content |
///   |      | of all | follows         |       |        |       |         |         |
///   +------+--------+-----------------+-------+--------+-------+---------+---------+
/// </code>
/// The length is big-endian; name and version are UTF-8.
/// </summary>
public static class SimulatedImage
{
    internal const int DigestAt = 8, BodyAt = 40, LongestHead = BodyAt + (2 * 256);

    internal static ReadOnlySpan<byte> Magic => "STLG"u8;

    /// <summary>Makes a package.</summary>
    /// <param name="identity">What it says it is.</param>
    /// <param name="content">What is in it.</param>
    /// <exception cref="ArgumentException">The name or the version is longer than 255 bytes.</exception>
    public static byte[] Create(PackageIdentity identity, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var (name, version) = (Encoding.UTF8.GetBytes(identity.Name), Encoding.UTF8.GetBytes(identity.Version));
        if (name.Length > 255 || version.Length > 255)
        {
            throw new ArgumentException("A name and a version have 255 bytes at most.", nameof(identity));
        }
        byte[] image = [.. Magic, .. new byte[BodyAt - Magic.Length], (byte)name.Length, .. name, (byte)version.Length, .. version, .. content];
        BinaryPrimitives.WriteInt32BigEndian(image.AsSpan(Magic.Length), image.Length);
        SHA256.HashData(image.AsSpan(BodyAt), image.AsSpan(DigestAt, SHA256.HashSizeInBytes));
        return image;
    }

    /// <summary>Reads name and version; null when they are not as they should be.</summary>
    internal static PackageIdentity? Identify(ReadOnlySpan<byte> head)
    {
        var rest = head[Math.Min(head.Length, BodyAt)..];
        return TryTake(ref rest, out var name) && TryTake(ref rest, out var version) ? new PackageIdentity(name, version) : null;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (rest.IsEmpty || rest.Length <= rest[0])
        {
            return false;
        }
        text = Encoding.UTF8.GetString(rest.Slice(1, rest[0]));
        rest = rest[(1 + rest[0])..];
        return true;
    }
}
