using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>
/// Makes and checks stateless cookies (RFC 6347 §4.2.1): an HMAC over the client's address and what stands in its hello before the cookie. The key is a
/// new one each period, and the last one still good. Safe from several threads.
/// </summary>
/// <param name="random">Where the keys come from.</param>
/// <param name="period">For how long a key makes cookies, in milliseconds: 60 s. A cookie is good for one to two periods.</param>
public sealed class CookieKeys(RandomNumberGenerator random, long period = 60_000)
{
    internal const int Size = 16;
    private const int KeySize = 32;

    private readonly Lock _gate = new();
    private Pair? _keys;

    /// <summary>Makes the cookie of a hello.</summary>
    internal void Make(ReadOnlySpan<byte> address, in ClientHello hello, long now, Span<byte> cookie) => Make(KeysAt(now).Current, address, hello, cookie);

    /// <summary>Whether a hello carries the cookie that it was given.</summary>
    internal bool IsGood(ReadOnlySpan<byte> address, in ClientHello hello, long now)
    {
        if (hello.Cookie.Length != Size)
        {
            return false;
        }
        var keys = KeysAt(now);
        Span<byte> cookie = stackalloc byte[Size];
        Make(keys.Current, address, hello, cookie);
        if (CryptographicOperations.FixedTimeEquals(cookie, hello.Cookie))
        {
            return true;
        }
        Make(keys.Previous, address, hello, cookie);
        return CryptographicOperations.FixedTimeEquals(cookie, hello.Cookie);
    }

    // address_length(1) address version(2) random(32) session_id<0..32>: nothing can slide from one into the other.
    private static void Make(byte[] key, ReadOnlySpan<byte> address, in ClientHello hello, Span<byte> cookie)
    {
        Span<byte> input = stackalloc byte[1 + byte.MaxValue + hello.BeforeCookie.Length];
        var known = address[..Math.Min(address.Length, byte.MaxValue)];
        input[0] = (byte)known.Length;
        known.CopyTo(input[1..]);
        hello.BeforeCookie.CopyTo(input[(1 + known.Length)..]);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input[..(1 + known.Length + hello.BeforeCookie.Length)], mac);
        mac[..Size].CopyTo(cookie);
    }

    private Pair KeysAt(long now)
    {
        lock (_gate)
        {
            if (_keys is null || now - _keys.Since >= period)
            {
                var isFresh = _keys is not null && now - _keys.Since < 2 * period;
                _keys = new Pair(NewKey(), isFresh ? _keys!.Current : NewKey(), now);
            }
            return _keys;
        }
    }

    private byte[] NewKey()
    {
        var key = new byte[KeySize];
        random.GetBytes(key);
        return key;
    }

    private sealed record Pair(byte[] Current, byte[] Previous, long Since);
}
