using System.Collections.Concurrent;
using System.Text;
using Starling.Coap;

namespace Starling.Secured.Tests;

/// <summary>Who may come in, for tests: pre-shared keys by identity. What it is asked is noted, and it can be told to wait or to fail.</summary>
internal sealed class Keys : IPeerCredentials
{
    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <summary>What it was asked.</summary>
    public ConcurrentQueue<PeerClaim> Asked { get; } = new();

    /// <summary>What an answer waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What an answer that is made already waits for before it is given.</summary>
    public Task Delivery { get; set; } = Task.CompletedTask;

    /// <summary>Judges what is no pre-shared key; null leaves it to the rest.</summary>
    public Func<PeerClaim, PeerVerdict?>? Others { get; set; }

    /// <summary>What it throws instead of answering.</summary>
    public Exception? Failure { get; set; }

    public Keys With(string identity, params byte[] key)
    {
        _keys[identity] = key;
        return this;
    }

    public void Forget(string identity) => _keys.TryRemove(identity, out _);

    public async ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel)
    {
        Asked.Enqueue(claim);
        await Gate.WaitAsync(cancel);
        if (Failure is not null)
        {
            throw Failure;
        }
        var answer = Answer(claim);
        await Delivery.WaitAsync(cancel);
        return answer;
    }

    private PeerVerdict Answer(PeerClaim claim) => Others?.Invoke(claim) is { } verdict ? verdict
            : claim is PeerClaim.PreSharedKey { Identity: var identity } && Encoding.UTF8.GetString(identity.Span) is var name && _keys.TryGetValue(name, out var key)
            ? new PeerVerdict.Accepted(new PeerIdentity.PreSharedKey(name), key)
            : new PeerVerdict.Refused(PeerRefusal.Unknown, "nobody knows it");
}
