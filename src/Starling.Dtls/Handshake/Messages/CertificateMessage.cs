using System.Collections.Immutable;

namespace Starling.Dtls;

/// <summary>
/// Certificate (RFC 5246 §7.4.2; with a raw public key RFC 7250 §3): with what its sender proves who it is.
/// <code>
/// X.509           certificate_list&lt;0..2^24-1&gt; of certificate&lt;1..2^24-1&gt;
/// raw public key  subject_public_key_info&lt;1..2^24-1&gt;
/// </code>
/// </summary>
internal static class CertificateMessage
{
    private const int MaxCount = 8;

    /// <summary>Reads the message: an X.509 list may be empty, which says that there is none; a raw key is the only one of its list.</summary>
    public static bool TryRead(CertificateType type, ReadOnlySpan<byte> body, out ImmutableArray<ReadOnlyMemory<byte>> chain)
    {
        chain = [];
        var reader = new TlsReader(body);
        if (!reader.TryReadVector24(out var list) || !reader.IsAtEnd)
        {
            return false;
        }
        if (type == CertificateType.RawPublicKey)
        {
            chain = list.IsEmpty ? [] : [list.ToArray()];
            return true;
        }
        for (var each = new TlsReader(list); !each.IsAtEnd;)
        {
            if (!each.TryReadVector24(out var certificate) || certificate.IsEmpty || chain.Length == MaxCount)
            {
                return false;
            }
            chain = chain.Add(certificate.ToArray());
        }
        return true;
    }

    /// <summary>Sends what we have of a type.</summary>
    public static void Send(Handshake handshake, CertificateType type)
    {
        var own = handshake.Own;
        if (type == CertificateType.RawPublicKey)
        {
            var info = own.Key!.Public.SubjectPublicKeyInfo.Span;
            var key = new TlsWriter(stackalloc byte[3 + info.Length]);
            key.Vector24(info);
            handshake.Send(HandshakeType.Certificate, key.Written);
            return;
        }
        var list = own.Chain.Sum(certificate => 3 + certificate.Length);
        var writer = new TlsWriter(new byte[3 + list]);
        writer.UInt24(list);
        foreach (var certificate in own.Chain)
        {
            writer.Vector24(certificate.Span);
        }
        handshake.Send(HandshakeType.Certificate, writer.Written);
    }
}
