using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>A server's part of the key exchange: a key pair for this handshake only, and its signature where the suite has one (RFC 8422 §5.4).</summary>
/// <param name="signer">Our key; null: nothing is signed (RFC 5489).</param>
/// <param name="randoms">client_random and server_random: what the signature covers before the parameters.</param>
internal sealed class KeyPairWork(OwnKey? signer, byte[] randoms) : DtlsWork
{
    private ECDiffieHellman? _pair;

    /// <summary>The public half.</summary>
    public byte[] Point { get; } = new byte[P256.PointSize];

    public byte[] Signature { get; private set; } = [];

    public override void Run()
    {
        var pair = P256.CreateKey();
        P256.WritePoint(pair, Point);
        Signature = signer is null ? [] : Sign(signer);
        _pair = pair;   // last: until all of it is done there is nothing
    }

    private byte[] Sign(OwnKey key)
    {
        var signed = new TlsWriter(stackalloc byte[randoms.Length + 4 + P256.PointSize]);
        signed.Bytes(randoms);
        ServerKeyExchange.WriteParameters(ref signed, Point);
        return SignedHash.Sign(key, SHA256.HashData(signed.Written));
    }

    /// <summary>Hands over the key pair: it is the taker's to dispose. Null when the work never ran.</summary>
    public ECDiffieHellman? TakePair()
    {
        var pair = _pair;
        _pair = null;
        return pair;
    }

    public override void Dispose() => _pair?.Dispose();
}
