using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>A handshake's access to sessions that may be taken up again, at the time when it began.</summary>
/// <param name="cache">Where they are kept; null: none are.</param>
/// <param name="now">When the handshake began, in milliseconds.</param>
internal sealed class SessionMemory(DtlsSessionCache? cache, long now)
{
    private const int IdSize = 32;
    private DtlsQuery? _claim;
    private byte[]? _keyHash;

    /// <summary>The session that a hello asks for; null when there is none, or it may not be taken up by this hello.</summary>
    public CachedSession? Find(Handshake handshake, in ClientHello hello)
    {
        if (hello.SessionId.Length != IdSize || cache?.Find(hello.SessionId, now) is not { } found)
        {
            return null;
        }
        var fits = hello.Offers(found.Suite) && found.ServerName == handshake.Terms.ServerName && handshake.Settings.Suites.Contains(found.Suite)
            && SuiteChoice.IsOurs(found.Suite, handshake.Settings, handshake.Own, isClient: false);
        if (!fits)
        {
            CryptographicOperations.ZeroMemory(found.Master);
        }
        return fits ? found : null;
    }

    /// <summary>A new session's id; empty when sessions like this are not kept.</summary>
    public byte[] NewId(Handshake handshake)
    {
        var id = new byte[cache is not null && handshake.Terms.ExtendedMasterSecret ? IdSize : 0];
        handshake.Settings.Random.GetBytes(id);
        return id;
    }

    /// <summary>Notes what the peer claimed, and the key that it was given.</summary>
    public void Note(DtlsQuery claim, ReadOnlySpan<byte> key)
    {
        _claim = claim;
        _keyHash = cache is null || key.IsEmpty ? null : SHA256.HashData(key);
    }

    /// <summary>Keeps the session of a handshake that is done.</summary>
    public void Keep(Handshake handshake)
    {
        var terms = handshake.Terms;
        if (cache is null || terms.SessionId.Length == 0 || terms.Resumed)
        {
            return;
        }
        var session = new CachedSession(terms.SessionId, [.. handshake.Secrets.Master], terms.Suite, _claim, _keyHash, terms.ServerName);
        if (session.ClaimSize <= DtlsSessionCache.MaxClaim)
        {
            cache.Add(session, now);
        }
    }

    /// <summary>Forgets a session whose handshake failed.</summary>
    public void Forget(ReadOnlySpan<byte> id) => cache?.Forget(id);
}
