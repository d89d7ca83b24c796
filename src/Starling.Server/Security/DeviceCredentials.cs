using System.Security.Cryptography;
using Starling.Coap;

namespace Starling.Server;

/// <summary>
/// The credentials of devices: judges what they claim, from memory, and takes changes, which a store keeps. Judging never waits; changes come one at a time.
/// </summary>
public sealed class DeviceCredentials : IPeerCredentials, IDisposable
{
    private readonly CredentialSettings _settings;
    private readonly ICredentialStore? _store;
    private readonly TimeProvider _time;
    private readonly RandomNumberGenerator _chance;
    private readonly CredentialIndex _index = new();
    private readonly ClaimJudge _judge;
    private readonly CredentialEnds _ends;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Tally _accepted = new();
    private readonly Tally _refused = new();
    private readonly Tally _full = new();
    private bool _isRestored;

    /// <summary>Makes an empty set; <see cref="RestoreAsync"/> brings back what the store keeps.</summary>
    /// <param name="settings">Limits and choices; null is all defaults.</param>
    /// <param name="store">Keeps credentials beyond this object; null keeps them in it only.</param>
    /// <param name="time">The clock; null is the system's.</param>
    /// <param name="chance">Where ids and generated keys come from; null is the system's source.</param>
    public DeviceCredentials(CredentialSettings? settings = null, ICredentialStore? store = null, TimeProvider? time = null, RandomNumberGenerator? chance = null)
    {
        _settings = settings ?? new CredentialSettings();
        _store = store;
        _time = time ?? TimeProvider.System;
        _chance = chance ?? RandomNumberGenerator.Create();
        _judge = new ClaimJudge(_index);
        _ends = new CredentialEnds(_time, id => Tell(_index.Find(id)));
    }

    /// <summary>
    /// A credential counts no more. Sessions that it may have vouched for (<see cref="Credential.MayVouchFor"/>) are to be closed. Told on the thread that
    /// changed it, or on a timer's; the handler may not wait.
    /// </summary>
    public event Action<Credential>? Ended;

    /// <summary>How many there are.</summary>
    public int Count => _index.Count;

    /// <summary>What has been judged and refused so far.</summary>
    public CredentialCounters Counters => new() { Credentials = Count, Accepted = _accepted.Count, Refused = _refused.Count, RefusedAdditions = _full.Count };

    /// <summary>Brings back what the store keeps; only the first call does anything.</summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async Task RestoreAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_isRestored || _store is null)
            {
                return;
            }
            await foreach (var credential in _store.LoadAllAsync(cancel).ConfigureAwait(false))
            {
                Take(credential);
            }
            _isRestored = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<PeerVerdict> JudgeAsync(PeerClaim claim, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var verdict = _judge.Judge(claim, _time.GetUtcNow());
        (verdict is PeerVerdict.Accepted ? _accepted : _refused).Increment();
        return ValueTask.FromResult(verdict);
    }

    /// <summary>The same as a dry run: nothing is counted.</summary>
    public PeerVerdict Explain(PeerClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return _judge.Judge(claim, _time.GetUtcNow());
    }

    /// <summary>The credential of this id; null when there is none.</summary>
    public Credential? Find(string id) => _index.Find(id);

    /// <summary>The credential that proves a PSK identity, a fingerprint or a subject; null when there is none. For people: nothing is judged by it.</summary>
    public Credential? FindClaim(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (Credential?)_index.FindIdentity(name) ?? _index.FindPublicKey(name) ?? (Credential?)_index.FindCertificate(name) ?? _index.FindSubject(name);
    }

    /// <summary>Whether a credential counts now.</summary>
    public CredentialState StateOf(Credential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return credential.StateAt(_time.GetUtcNow());
    }

    /// <summary>
    /// Whether a session that stands may go on: what vouches for it counts. Where that is a subject, every authority has to: which one signed is not remembered,
    /// and a new handshake tells.
    /// </summary>
    public bool StillCounts(PeerIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return identity.Credential is not { } id || (Find(id) is { } found && StateOf(found) == CredentialState.Valid
            && (found is not Credential.CertificateSubject || (_index.Authorities > 0 && _index.Signers.All(a => StateOf(a) == CredentialState.Valid))));
    }

    /// <summary>Whether an endpoint client name is kept for who proves a credential, whatever its state: the one that it stands for, or else what it proves.</summary>
    public bool HasFor(string endpoint) => _index.HasFor(endpoint);

    /// <summary>Credentials in the order of their endpoints and then of their ids; those without endpoint come first.</summary>
    /// <param name="after">Begin behind this one; null begins at the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="filter">Which of them; null is all.</param>
    public IReadOnlyList<Credential> List((string Endpoint, string Id)? after, int limit, Func<Credential, bool>? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        const int Page = 256;   // the index is held for so many at a time
        var found = new List<Credential>();
        while (found.Count < limit)
        {
            var page = _index.CopyAfter(after, Page);
            found.AddRange(page.Where(c => filter is null || filter(c)).Take(limit - found.Count));
            if (page.Count < Page)
            {
                break;
            }
            after = CredentialIndex.PlaceOf(page[^1]);
        }
        return found;
    }

    /// <summary>An id that nobody has.</summary>
    public string NewId() => Convert.ToBase64String(NewKey(12)).Replace('+', '-').Replace('/', '_');

    /// <summary>A fresh key.</summary>
    /// <param name="size">Its bytes, 1 to 64: 16, a key of AES-128.</param>
    public byte[] NewKey(int size = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 64);
        var key = new byte[size];
        _chance.GetBytes(key);
        return key;
    }

    /// <summary>Takes new credentials, all or none. Their <see cref="Credential.CreatedAt"/> becomes now.</summary>
    /// <returns>Why they were not taken; null when they were.</returns>
    /// <exception cref="IOException">They could not be stored; none was taken.</exception>
    public async ValueTask<CredentialRefusal?> AddAsync(IReadOnlyList<Credential> credentials, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var added = credentials.Select(c => c with { CreatedAt = _time.GetUtcNow() }).ToArray();
        return await ChangeAsync(() => (First(added), added, []), cancel).ConfigureAwait(false);
    }

    /// <summary>What is in the way of adding credentials.</summary>
    /// <param name="credentials">The credentials.</param>
    /// <param name="most">How many refusals are looked for: those behind are tried without the ones that are refused.</param>
    public IReadOnlyList<CredentialRefusal> Check(IReadOnlyList<Credential> credentials, int most = 1)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var fresh = new CredentialIndex();
        var refusals = new List<CredentialRefusal>();
        for (var i = 0; i < credentials.Count && refusals.Count < most; i++)
        {
            if (Refuse(credentials[i], i, fresh) is { } refusal)
            {
                refusals.Add(refusal);
            }
            else
            {
                fresh.Add(credentials[i]);
            }
        }
        return refusals;
    }

    /// <summary>Forgets a credential. Null when it is gone.</summary>
    /// <exception cref="IOException">The store could not forget it: it still counts.</exception>
    public ValueTask<CredentialRefusal?> RemoveAsync(string id, CancellationToken cancel) =>
        ChangeAsync(() => _index.Find(id) is null ? (Unknown(id), [], []) : (null, [], [id]), cancel);

    /// <summary>Switches a credential on or off. Null when that is done.</summary>
    /// <exception cref="IOException">It could not be stored; nothing has changed.</exception>
    public ValueTask<CredentialRefusal?> EnableAsync(string id, bool isEnabled, CancellationToken cancel) =>
        ChangeAsync(() => _index.Find(id) is { } found ? (null, [found with { IsEnabled = isEnabled }], []) : (Unknown(id), [], []), cancel);

    /// <summary>
    /// Puts a new credential beside one, for the same endpoint; the old one ends after the overlap, and those that it had come in place of are forgotten
    /// if they have ended. Null when that is done.
    /// </summary>
    /// <param name="id">The old one.</param>
    /// <param name="successor">
    /// The new one, with a claim of its own: a PSK identity stands for one key at a time. Its endpoint counts where the old one has none (<see cref="Admission.InPlaceOf"/>).
    /// </param>
    /// <param name="overlap">How long both count; zero ends the old one at once, null is <see cref="CredentialSettings.Overlap"/>.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="IOException">It could not be stored; nothing has changed.</exception>
    public ValueTask<CredentialRefusal?> RotateAsync(string id, Credential successor, TimeSpan? overlap, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(successor);
        return ChangeAsync(() => Rotate(id, successor, overlap ?? _settings.Overlap), cancel);
    }

    /// <summary>Stops the clock. The store stays open.</summary>
    public void Dispose()
    {
        _ends.Dispose();
        _gate.Dispose();
    }

    private CredentialRefusal? First(IReadOnlyList<Credential> credentials) => Check(credentials) is [var refusal, ..] ? refusal : null;

    private (CredentialRefusal? Refusal, IReadOnlyList<Credential> Saved, IReadOnlyList<string> Removed) Rotate(string id, Credential successor, TimeSpan overlap)
    {
        if (_index.Find(id) is not { } old)
        {
            return (Unknown(id), [], []);
        }
        var now = _time.GetUtcNow();
        var end = old.NotAfter is { } earlier && earlier < now + overlap ? earlier : now + overlap;
        var added = successor with { Endpoint = old.Endpoint ?? successor.Endpoint, CreatedAt = now, Replaces = old.Id };
        IReadOnlyList<string> forgotten = old.Replaces is { } before && _index.Find(before) is { } past && StateOf(past) == CredentialState.Ended ? [before] : [];
        return (First([added]), [added, old with { NotAfter = end }], forgotten);
    }

    // The store first: what counts is safe. One change at a time, so that what was checked still holds.
    private async ValueTask<CredentialRefusal?> ChangeAsync(
        Func<(CredentialRefusal? Refusal, IReadOnlyList<Credential> Saved, IReadOnlyList<string> Removed)> plan, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var (refusal, saved, removed) = plan();
            if (refusal is not null)
            {
                return refusal;
            }
            if (_store is not null && saved.Count > 0)
            {
                await _store.SaveAsync(saved, CancellationToken.None).ConfigureAwait(false);
            }
            if (_store is not null && removed.Count > 0)
            {
                await _store.DeleteAsync(removed, CancellationToken.None).ConfigureAwait(false);
            }
            Apply(saved, removed);
            return null;
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Apply(IReadOnlyList<Credential> saved, IReadOnlyList<string> removed)
    {
        foreach (var credential in saved)
        {
            Take(credential);
            if (StateOf(credential) is CredentialState.Disabled)
            {
                Tell(credential);
            }
        }
        foreach (var id in removed)
        {
            var before = _index.Remove(id);
            _ends.Forget(before!);
            Tell(before);
        }
    }

    private void Tell(Credential? ended)
    {
        if (ended is not null)
        {
            Ended?.Invoke(ended);
        }
    }

    private void Take(Credential credential)
    {
        if (_index.Find(credential.Id) is { } before)
        {
            _ends.Forget(before);
            _index.Replace(credential);
        }
        else
        {
            _index.Add(credential);
        }
        _ends.Watch(credential);
    }

    private CredentialRefusal? Refuse(Credential credential, int index, CredentialIndex fresh)
    {
        if (CredentialRules.Refuse(credential) is { } why)
        {
            return new CredentialRefusal(index, CredentialRefusalKind.Unusable, why);
        }
        if ((_index.Find(credential.Id) ?? fresh.Find(credential.Id) ?? _index.FindSame(credential) ?? fresh.FindSame(credential)) is { } other)
        {
            var whose = other.Endpoint is { } endpoint ? $", for {endpoint}" : "";
            return new CredentialRefusal(index, CredentialRefusalKind.Taken, $"There is one already that proves the same: {other}{whose}.");
        }
        var isFull = Count + fresh.Count >= _settings.MaxCredentials
            || (credential is Credential.Authority && _index.Authorities + fresh.Authorities >= _settings.MaxAuthorities);
        if (isFull)
        {
            _full.Increment();
        }
        return isFull ? new CredentialRefusal(index, CredentialRefusalKind.Full, "There are as many as there may be.") : null;
    }

    private static CredentialRefusal Unknown(string id) => new(0, CredentialRefusalKind.Unknown, $"There is no credential '{id}'.");
}
