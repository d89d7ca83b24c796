using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Starling.Crypto.Tests;

/// <summary>Private keys as different programs write them.</summary>
internal static class KeyText
{
    public static byte[] Pkcs8(ECParameters key, int version, bool innerPublic, bool innerCurve, bool outerPublic)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(version);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.10045.2.1");
                writer.WriteObjectIdentifier("1.2.840.10045.3.1.7");
            }
            writer.WriteOctetString(Inner(key, innerPublic, innerCurve));
            if (outerPublic)
            {
                writer.WriteBitString(Point(key), 0, new Asn1Tag(TagClass.ContextSpecific, 1));
            }
        }
        return writer.Encode();
    }

    private static byte[] Inner(ECParameters key, bool hasPublic, bool hasCurve)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteOctetString(key.D);
            if (hasCurve)
            {
                using var curve = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
                writer.WriteObjectIdentifier("1.2.840.10045.3.1.7");
            }
            if (hasPublic)
            {
                using var point = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1));
                writer.WriteBitString(Point(key));
            }
        }
        return writer.Encode();
    }

    private static byte[] Point(ECParameters key) => [4, .. key.Q.X!, .. key.Q.Y!];
}
