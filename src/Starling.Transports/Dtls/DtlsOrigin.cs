using System.Buffers.Binary;
using System.Security.Cryptography;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>
/// Whom a client's session goes to, and with what. Equal where a session with the one may stand for a session with the other: the same place, and the same
/// bytes of credentials and preferences.
/// </summary>
internal sealed class DtlsOrigin(string host, int port, OwnCredentials credentials, TlsPreferences? tls) : IEquatable<DtlsOrigin>
{
    private readonly byte[] _digest = Digest(credentials, tls);

    public string Host => host;

    public int Port => port;

    public OwnCredentials Credentials => credentials;

    public TlsPreferences? Tls => tls;

    /// <summary>The name or address that the server must have.</summary>
    public string ServerName => tls?.ServerName ?? host;

    public bool Equals(DtlsOrigin? other) =>
        other is not null && port == other.Port && host == other.Host && CryptographicOperations.FixedTimeEquals(_digest, other._digest);

    public override bool Equals(object? obj) => Equals(obj as DtlsOrigin);

    public override int GetHashCode() => HashCode.Combine(host, port, BinaryPrimitives.ReadInt32LittleEndian(_digest));

    private static byte[] Digest(OwnCredentials credentials, TlsPreferences? tls)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Parts(credentials))
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(part.Span);
        }
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{credentials.GetType().Name} {tls?.ServerName} {string.Join(',', tls?.CipherSuites ?? [])}"));
        return hash.GetHashAndReset();
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Parts(OwnCredentials credentials) => credentials switch
    {
        OwnCredentials.PreSharedKey key => [key.Identity, key.Key],
        OwnCredentials.PublicKey key => [key.PrivateKey, key.PeerKey],
        OwnCredentials.Certificate certificate =>
        [
            .. certificate.Chain, certificate.PrivateKey, new[] { (byte)certificate.Rule.Usage, (byte)certificate.Rule.Matching },
            certificate.Rule.Association, .. certificate.Rule.TrustStore,
        ],
        _ => [],
    };
}
