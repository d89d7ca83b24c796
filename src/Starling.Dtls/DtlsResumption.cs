using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>What a client keeps of a session to take it up again: one round trip less and no public-key work. A secret: dispose it.</summary>
public sealed class DtlsResumption : IDisposable
{
    internal DtlsResumption(ReadOnlySpan<byte> sessionId, ReadOnlySpan<byte> masterSecret, CipherSuite suite)
    {
        SessionId = sessionId.ToArray();
        MasterSecret = masterSecret.ToArray();
        Suite = suite;
    }

    internal byte[] SessionId { get; }

    internal byte[] MasterSecret { get; }

    internal CipherSuite Suite { get; }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(MasterSecret);
}
