using System.Buffers;
using System.Text;
using Starling.Cbor;
using Starling.Server;

namespace Starling.Platform;

/// <summary>A credential as CBOR: a map whose keys are never used for anything else. A key that is missing is the default, one that is not known is left aside.</summary>
internal static class CredentialCodec
{
    private const long Kind = 0;
    private const long Endpoint = 1;
    private const long CreatedAt = 2;
    private const long IsDisabled = 3;
    private const long NotBefore = 4;
    private const long NotAfter = 5;
    private const long Replaces = 6;
    private const long Claim = 7;     // the PSK identity, the fingerprint, the subject
    private const long Bytes = 8;     // the key, the authority's certificate
    private const long Pattern = 9;

    private const int KindPreSharedKey = 0;
    private const int KindPublicKey = 1;
    private const int KindPinned = 2;
    private const int KindSubject = 3;
    private const int KindAuthority = 4;

    /// <summary>The bytes of a credential, without its id. They hold the key: whoever has them wipes them.</summary>
    public static byte[] Encode(Credential credential)
    {
        var (kind, claim, bytes) = credential switch
        {
            Credential.PreSharedKey c => (KindPreSharedKey, c.Identity, c.Key),
            Credential.PublicKey c => (KindPublicKey, c.Fingerprint, default),
            Credential.PinnedCertificate c => (KindPinned, c.Fingerprint, default),
            Credential.CertificateSubject c => (KindSubject, c.Name, default),
            Credential.Authority c => (KindAuthority, c.Name, c.Certificate),
            _ => throw new ArgumentOutOfRangeException(nameof(credential)),
        };
        (long Field, object? Value)[] fields =
        [
            (Kind, (long)kind), (Endpoint, credential.Endpoint), (CreatedAt, credential.CreatedAt.UtcTicks), (IsDisabled, credential.IsEnabled ? null : 1L),
            (NotBefore, credential.NotBefore?.UtcTicks), (NotAfter, credential.NotAfter?.UtcTicks), (Replaces, credential.Replaces),
            (Claim, claim), (Bytes, bytes.IsEmpty ? null : bytes), (Pattern, (credential as Credential.Authority)?.Endpoints?.Text),
        ];
        return Write([.. fields.Where(f => f.Value is not null)]);
    }

    /// <summary>The credential of these bytes. False when they are damaged.</summary>
    public static bool TryDecode(string id, ReadOnlySpan<byte> bytes, out Credential credential)
    {
        credential = null!;
        if (!TryRead(bytes, out var fields) || Make(id, fields) is not { } made)
        {
            return false;
        }
        credential = made with
        {
            Endpoint = fields.GetValueOrDefault(Endpoint) as string,
            CreatedAt = Time(fields, CreatedAt) ?? default,
            IsEnabled = !fields.ContainsKey(IsDisabled),
            NotBefore = Time(fields, NotBefore),
            NotAfter = Time(fields, NotAfter),
            Replaces = fields.GetValueOrDefault(Replaces) as string,
        };
        return true;
    }

    private static Credential? Make(string id, Dictionary<long, object> fields)
    {
        if (fields.GetValueOrDefault(Claim) is not string claim || fields.GetValueOrDefault(Kind) is not long kind)
        {
            return null;
        }
        var bytes = fields.GetValueOrDefault(Bytes) as byte[];
        EndpointPattern? pattern = null;
        if (fields.GetValueOrDefault(Pattern) is string text && !EndpointPattern.TryParse(text, out pattern, out _))
        {
            return null;
        }
        return kind switch
        {
            KindPreSharedKey when bytes is not null => new Credential.PreSharedKey(id, claim, bytes),
            KindPublicKey => new Credential.PublicKey(id, claim),
            KindPinned => new Credential.PinnedCertificate(id, claim),
            KindSubject => new Credential.CertificateSubject(id, claim),
            KindAuthority when bytes is not null => new Credential.Authority(id, claim, bytes, pattern),
            _ => null,
        };
    }

    private static byte[] Write((long Field, object? Value)[] fields)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        var writer = new CborWriter(buffer);
        writer.WriteMap(fields.Length);
        foreach (var (field, value) in fields)
        {
            writer.WriteInteger(field);
            switch (value)
            {
                case string text: writer.WriteText(text); break;
                case long number: writer.WriteInteger(number); break;
                case ReadOnlyMemory<byte> bytes: writer.WriteBytes(bytes.Span); break;
            }
        }
        writer.Flush();
        var written = buffer.WrittenSpan.ToArray();
        buffer.Clear();   // overwrites the key
        return written;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out Dictionary<long, object> fields)
    {
        fields = [];
        var reader = new CborReader(bytes);
        var isWhole = reader.TryReadMap(out var left);
        while (isWhole && reader.HasNext(ref left))
        {
            isWhole = reader.TryReadInt64(out var field) && TryReadValue(ref reader, out var value) && (value is null || fields.TryAdd(field, value));
        }
        return isWhole && reader.Error == CborError.None && reader.IsAtEnd;
    }

    private static bool TryReadValue(ref CborReader reader, out object? value)
    {
        value = null;
        switch (reader.Peek())
        {
            case CborKind.Text when reader.TryReadText(out var utf8):
                value = Encoding.UTF8.GetString(utf8);
                return true;
            case CborKind.Bytes when reader.TryReadBytes(out var bytes):
                value = bytes.ToArray();
                return true;
            case CborKind.Unsigned or CborKind.Negative when reader.TryReadInt64(out var number):
                value = number;
                return true;
            default:
                return reader.TrySkip();
        }
    }

    private static DateTimeOffset? Time(Dictionary<long, object> fields, long field) =>
        fields.GetValueOrDefault(field) is long ticks && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
}
