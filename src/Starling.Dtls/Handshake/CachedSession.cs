using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>A session that may be taken up again. All have the extended master secret (RFC 7627 §5.3).</summary>
/// <param name="Id">The session's id: 32 random bytes.</param>
/// <param name="Master">The master secret.</param>
/// <param name="Suite">The suite, which stays.</param>
/// <param name="Claim">What the peer claimed to be; it is asked about again each time. Null: nothing was asked.</param>
/// <param name="KeyHash">SHA-256 of the pre-shared key: a key that was changed meanwhile ends the session; null where there is none.</param>
/// <param name="ServerName">The name that was asked for, which must be the same again (RFC 6066 §3).</param>
internal sealed record CachedSession(byte[] Id, byte[] Master, CipherSuite Suite, DtlsQuery? Claim, byte[]? KeyHash, string? ServerName)
{
    public CachedSession Copy() => this with { Master = [.. Master] };

    /// <summary>Whether an answer to the claim lets the session go on.</summary>
    public bool IsStillGood(DtlsAnswer answer) => answer switch
    {
        DtlsAnswer.Accepted => true,
        DtlsAnswer.Key key => KeyHash is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(key.Value.Span), KeyHash),
        _ => false,
    };

    /// <summary>How many bytes of certificates are in the claim.</summary>
    public int ClaimSize => Claim is DtlsQuery.Certificates certificates ? certificates.Chain.Sum(c => c.Length) : 0;
}
