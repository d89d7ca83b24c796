namespace Starling.Dtls;

/// <summary>The one curve of LwM2M (Transport 1.2: curves below 255 bits are forbidden, secp256r1 is mandatory; RFC 8422 §5.1.1).</summary>
internal static class Groups
{
    public const byte NamedCurve = 3;
    public const ushort Secp256r1 = 23;
    public const byte Uncompressed = 0;

    /// <summary>Whether a client can use it; one that names no curves can (RFC 8422 §4).</summary>
    public static bool IsOffered(in HelloExtensions extensions)
    {
        if (!extensions.TryFind(ExtensionType.SupportedGroups, out var body))
        {
            return true;
        }
        var reader = new TlsReader(body);
        if (!reader.TryReadVector16(out var groups))
        {
            return false;
        }
        for (var each = new TlsReader(groups); each.TryReadUInt16(out var group);)
        {
            if (group == Secp256r1)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Writes a client's supported_groups and ec_point_formats.</summary>
    public static void WriteOffer(ref TlsWriter writer, ExtensionType groups, ExtensionType formats)
    {
        writer.UInt16((int)groups);
        writer.UInt16(4);
        writer.UInt16(2);
        writer.UInt16(Secp256r1);
        writer.UInt16((int)formats);
        writer.UInt16(2);
        writer.Vector8([Uncompressed]);
    }
}
