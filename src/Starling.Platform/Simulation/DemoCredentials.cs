using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Starling.Coap;

namespace Starling.Platform;

/// <summary>
/// Whom the server's channel asks: keys of the demo devices of this process, which are in no store and die with it; whoever else it is, the real credentials.
/// </summary>
internal sealed class DemoCredentials(IPeerCredentials? others) : IPeerCredentials
{
    private const int KeyLength = 16;
    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <summary>A fresh key for a demo device; its identity is its name.</summary>
    public OwnCredentials For(string endpoint) =>
        new OwnCredentials.PreSharedKey(Encoding.UTF8.GetBytes(endpoint), _keys.GetOrAdd(endpoint, _ => RandomNumberGenerator.GetBytes(KeyLength)));

    public ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel) =>
        claim is PeerClaim.PreSharedKey { Identity: var identity } && Encoding.UTF8.GetString(identity.Span) is var name && _keys.TryGetValue(name, out var key)
            ? ValueTask.FromResult<PeerVerdict>(new PeerVerdict.Accepted(new PeerIdentity.PreSharedKey(name), key))
            : others?.JudgeAsync(claim, cancel) ?? ValueTask.FromResult<PeerVerdict>(new PeerVerdict.Refused(PeerRefusal.Unknown, "There are no credentials here."));
}
