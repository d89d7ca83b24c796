using System.Text;

namespace Starling.Dtls;

/// <summary>The extensions that both roles handle alike: what each means for <see cref="HandshakeTerms"/>.</summary>
internal static class AgreedExtensions
{
    private const int MaxName = 255;

    /// <summary>The limits on records that the other side set (RFC 8449 §4, RFC 6066 §4). False for a value that may not be.</summary>
    public static bool TryTakeLimits(HandshakeTerms terms, DtlsSettings settings, in HelloExtensions extensions)
    {
        if (extensions.TryFind(ExtensionType.RecordSizeLimit, out var limit))
        {
            // RFC 8449 §5: where both are there, the older one is ignored.
            var value = limit.Length == 2 ? (limit[0] << 8) | limit[1] : 0;
            terms.MaxPlaintextOut = Math.Min(value, RecordLimits.MaxPlaintext);
            terms.MaxPlaintextIn = LimitOf(settings);
            return value >= RecordLimits.MinPlaintext;
        }
        if (extensions.TryFind(ExtensionType.MaxFragmentLength, out var code))
        {
            var length = code.Length == 1 ? RecordLimits.OfCode(code[0]) : 0;
            (terms.MaxPlaintextOut, terms.MaxPlaintextIn) = (length, length);
            return length > 0;
        }
        return true;
    }

    /// <summary>The limit that we set, within what may be.</summary>
    public static int LimitOf(DtlsSettings settings) => Math.Clamp(settings.RecordSizeLimit, RecordLimits.MinPlaintext, RecordLimits.MaxPlaintext);

    /// <summary>The peer's connection id (RFC 9146 §3): what we put into records to it. False when it is malformed.</summary>
    public static bool TryTakeConnectionId(HandshakeTerms terms, ReadOnlySpan<byte> body)
    {
        var reader = new TlsReader(body);
        var read = reader.TryReadVector8(out var id) && reader.IsAtEnd;
        terms.PeerConnectionId = read ? id.ToArray() : null;
        return read;
    }

    /// <summary>A connection id of ours: the prefix that the settings say, and chance.</summary>
    public static byte[] NewConnectionId(DtlsSettings settings)
    {
        var id = new byte[settings.ConnectionIdLength ?? 0];
        var prefix = settings.ConnectionIdPrefix.Span[..Math.Min(id.Length, settings.ConnectionIdPrefix.Length)];
        prefix.CopyTo(id);
        settings.Random.GetBytes(id.AsSpan(prefix.Length));
        return id;
    }

    /// <summary>The host name of a server_name extension (RFC 6066 §3). False when it is malformed.</summary>
    public static bool TryReadName(ReadOnlySpan<byte> body, out string? name)
    {
        name = null;
        var reader = new TlsReader(body);
        if (!reader.TryReadVector16(out var list) || !reader.IsAtEnd)
        {
            return false;
        }
        for (var each = new TlsReader(list); !each.IsAtEnd;)
        {
            if (!each.TryReadByte(out var type) || !each.TryReadVector16(out var host))
            {
                return false;
            }
            if (type == 0 && name is null && host.Length is > 0 and <= MaxName && Ascii.IsValid(host))
            {
                name = Encoding.ASCII.GetString(host);
            }
        }
        return true;
    }

    /// <summary>Writes an extension that has no content.</summary>
    public static void WriteEmpty(ref TlsWriter writer, ExtensionType type)
    {
        writer.UInt16((int)type);
        writer.UInt16(0);
    }

    /// <summary>Writes a connection_id extension.</summary>
    public static void WriteConnectionId(ref TlsWriter writer, ReadOnlySpan<byte> id)
    {
        writer.UInt16((int)ExtensionType.ConnectionId);
        writer.UInt16(id.Length + 1);
        writer.Vector8(id);
    }

    /// <summary>Writes an extension of one number of two bytes.</summary>
    public static void WriteUInt16(ref TlsWriter writer, ExtensionType type, int value)
    {
        writer.UInt16((int)type);
        writer.UInt16(2);
        writer.UInt16(value);
    }

    /// <summary>Writes an extension of one byte.</summary>
    public static void WriteByte(ref TlsWriter writer, ExtensionType type, byte value)
    {
        writer.UInt16((int)type);
        writer.UInt16(1);
        writer.Byte(value);
    }
}
