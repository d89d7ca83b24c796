using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>The keys of stateless cookies (RFC 6347 §4.2.1): a new one each period, the last one still good. Safe from several threads.</summary>
/// <param name="random">Where the keys come from.</param>
/// <param name="period">For how long a key makes cookies, in milliseconds: 60 s. A cookie is good for one to two periods.</param>
public sealed class CookieKeys(RandomNumberGenerator random, long period = 60_000)
{
    internal RandomNumberGenerator Random { get; } = random;

    internal long Period { get; } = period;
}
