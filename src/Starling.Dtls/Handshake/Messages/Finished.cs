using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>
/// Finished (RFC 5246 §7.4.9): proof that both saw the same handshake and hold the same secret.
/// <code>
/// verify_data(12)
/// </code>
/// </summary>
internal static class Finished
{
    /// <summary>Sends our own.</summary>
    public static void Send(Handshake handshake)
    {
        Span<byte> hash = stackalloc byte[Transcript.Size];
        Span<byte> verify = stackalloc byte[HandshakeSecrets.VerifySize];
        handshake.Transcript.Current(hash);
        handshake.Secrets.Verify(handshake.IsClient, hash, verify);
        handshake.Send(HandshakeType.Finished, verify);
    }

    /// <summary>Checks the peer's.</summary>
    public static bool IsGood(Handshake handshake, in HandshakeMessage message)
    {
        Span<byte> verify = stackalloc byte[HandshakeSecrets.VerifySize];
        handshake.Secrets.Verify(!handshake.IsClient, message.HashBefore, verify);
        return CryptographicOperations.FixedTimeEquals(verify, message.Body);
    }
}
