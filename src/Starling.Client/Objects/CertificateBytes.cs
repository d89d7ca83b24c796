using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Starling.Client;

/// <summary>The certificates in a value of /0/x/3: one in DER, several one behind the other, or a text in PEM (LwM2M Core 1.2.1 appendix E.1).</summary>
internal static class CertificateBytes
{
    private const byte Sequence = 0x30;

    /// <summary>How many certificates there may be: 8.</summary>
    public const int MaxCertificates = 8;

    /// <summary>The certificates in DER; empty when these are none, or more than may be.</summary>
    public static ImmutableArray<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> value)
    {
        var found = value.Span is [Sequence, ..] ? OfDer(value) : OfPem(value.Span);
        return found.Count <= MaxCertificates ? [.. found] : [];
    }

    /// <summary>One behind the other.</summary>
    public static byte[] Join(ImmutableArray<ReadOnlyMemory<byte>> chain)
    {
        var joined = new byte[chain.Sum(c => c.Length)];
        var at = 0;
        foreach (var certificate in chain)
        {
            certificate.Span.CopyTo(joined.AsSpan(at));
            at += certificate.Length;
        }
        return joined;
    }

    private static List<ReadOnlyMemory<byte>> OfDer(ReadOnlyMemory<byte> value)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        while (!value.IsEmpty && found.Count <= MaxCertificates)
        {
            if (Length(value.Span) is not { } length || length > value.Length)
            {
                return [];
            }
            found.Add(value[..length]);
            value = value[length..];
        }
        return found;
    }

    // X.690 §8.1.3, for a SEQUENCE as long as certificates are: tag, then one to three bytes of length.
    private static int? Length(ReadOnlySpan<byte> der) => der switch
    {
        [Sequence, < 0x80 and var length, ..] => 2 + length,
        [Sequence, 0x81, var length, ..] => 3 + length,
        [Sequence, 0x82, _, _, ..] => 4 + BinaryPrimitives.ReadUInt16BigEndian(der[2..]),
        _ => null,
    };

    private static List<ReadOnlyMemory<byte>> OfPem(ReadOnlySpan<byte> value)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        ReadOnlySpan<char> text = Encoding.ASCII.GetString(value);
        while (found.Count <= MaxCertificates && PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label] is "CERTIFICATE")
            {
                found.Add(Convert.FromBase64String(text[fields.Base64Data].ToString()));
            }
            text = text[fields.Location.End..];
        }
        return found;
    }
}
