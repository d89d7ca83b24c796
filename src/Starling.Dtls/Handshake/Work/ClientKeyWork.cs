using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>A client's part of the key exchange: the server's signature is checked, then a key pair made and agreed.</summary>
/// <param name="server">What the server showed; null: pre-shared keys prove who it is.</param>
/// <param name="signedHash">The hash of what the server signed.</param>
/// <param name="signature">Its signature.</param>
/// <param name="point">Its public half.</param>
internal sealed class ClientKeyWork(PeerKey? server, byte[] signedHash, byte[] signature, byte[] point) : DtlsWork
{
    private readonly byte[] _secret = new byte[P256.SecretSize];

    /// <summary>Our public half.</summary>
    public byte[] Point { get; } = new byte[P256.PointSize];

    /// <summary>What is wrong with what the server sent; null: nothing. Until it ran nothing is good.</summary>
    public DtlsAlert? Problem { get; private set; } = DtlsAlert.InternalError;

    /// <summary>What both agreed on. Wiped with the work.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    public override void Run()
    {
        Problem = server is not null && SignedHash.Check(server, signedHash, signature) is { } wrong ? wrong : Agree();
    }

    private DtlsAlert? Agree()
    {
        using var pair = P256.CreateKey();
        P256.WritePoint(pair, Point);
        return P256.TryAgree(pair, point, _secret) ? null : DtlsAlert.IllegalParameter;
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(_secret);
}
