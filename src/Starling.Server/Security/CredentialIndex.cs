using System.Collections.Concurrent;
using System.Collections.Immutable;
using Starling.Crypto;

namespace Starling.Server;

/// <summary>
/// All credentials in memory: found by what a peer claims, by endpoint, and in the order in which they are listed. Looked at from any thread;
/// changed by one at a time.
/// </summary>
internal sealed class CredentialIndex
{
    // What stands before a claim, so that a PSK identity is never taken for a fingerprint.
    private const string Psk = "i";
    private const string Rpk = "k";
    private const string Pin = "c";
    private const string Subject = "s";
    private const string Signer = "a";

    private readonly Lock _lock = new();
    private readonly SortedSet<(string Endpoint, string Id)> _order = new(ByEndpoint.Instance);
    private readonly ConcurrentDictionary<string, Credential> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Credential> _byClaim = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _keptNames = new(StringComparer.Ordinal);
    private volatile TrustAnchors? _anchors;
    private ImmutableArray<string> _authorities = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);   // the dictionary's own would lock all of it

    /// <summary>How many authorities there are.</summary>
    public int Authorities => _authorities.Length;

    /// <summary>All authorities, whatever their state.</summary>
    public IEnumerable<Credential> Signers => _authorities.Select(id => _byId.GetValueOrDefault(id)).OfType<Credential>();

    /// <summary>The certificates of all authorities, also of those that do not count just now: whose certificate they signed is theirs to be refused; null for none.</summary>
    public TrustAnchors? Anchors => _anchors;

    public Credential? Find(string id) => _byId.GetValueOrDefault(id);

    public Credential.PreSharedKey? FindIdentity(string identity) => _byClaim.GetValueOrDefault(Psk + identity) as Credential.PreSharedKey;

    public Credential.PublicKey? FindPublicKey(string fingerprint) => _byClaim.GetValueOrDefault(Rpk + fingerprint) as Credential.PublicKey;

    public Credential.PinnedCertificate? FindCertificate(string fingerprint) => _byClaim.GetValueOrDefault(Pin + fingerprint) as Credential.PinnedCertificate;

    public Credential.CertificateSubject? FindSubject(string name) => _byClaim.GetValueOrDefault(Subject + name) as Credential.CertificateSubject;

    public Credential.Authority? FindAuthority(string fingerprint) => _byClaim.GetValueOrDefault(Signer + fingerprint) as Credential.Authority;

    /// <summary>Who has the same claim; null for nobody.</summary>
    public Credential? FindSame(Credential credential) => _byClaim.GetValueOrDefault(KeyOf(credential));

    /// <summary>Whether an endpoint client name is kept for who proves a credential, whatever its state.</summary>
    public bool HasFor(string endpoint) => _keptNames.ContainsKey(endpoint);

    /// <summary>The credentials behind a place, in the order of their endpoints and then of their ids; those without endpoint come first.</summary>
    public List<Credential> CopyAfter((string Endpoint, string Id)? after, int limit)
    {
        lock (_lock)
        {
            var found = new List<Credential>(Math.Min(limit, _order.Count));
            var rest = after is { } place && _order.Count > 0 && ByEndpoint.Instance.Compare(place, _order.Max) < 0
                ? _order.GetViewBetween(place, _order.Max)
                : after is null ? _order : [];
            foreach (var key in rest)
            {
                if (found.Count == limit)
                {
                    break;
                }
                if (key != after && _byId.TryGetValue(key.Id, out var credential))
                {
                    found.Add(credential);
                }
            }
            return found;
        }
    }

    /// <summary>Takes one whose id and claim nobody has.</summary>
    public void Add(Credential credential)
    {
        _byId[credential.Id] = credential;
        _count++;
        _byClaim[KeyOf(credential)] = credential;
        if (credential.KeptName is { } name)
        {
            _keptNames.AddOrUpdate(name, 1, static (_, count) => count + 1);
        }
        lock (_lock)
        {
            _order.Add(PlaceOf(credential));
        }
        if (credential is Credential.Authority)
        {
            Trust(_authorities.Add(credential.Id));
        }
    }

    /// <summary>Puts another version in the place of one: its claim and its endpoint are the same.</summary>
    public void Replace(Credential credential)
    {
        _byId[credential.Id] = credential;
        _byClaim[KeyOf(credential)] = credential;
    }

    public Credential? Remove(string id)
    {
        if (!_byId.TryRemove(id, out var before))
        {
            return null;
        }
        _count--;
        _byClaim.TryRemove(KeyOf(before), out _);
        if (before.KeptName is { } name && _keptNames.AddOrUpdate(name, 0, static (_, count) => count - 1) == 0)
        {
            _keptNames.TryRemove(name, out _);
        }
        lock (_lock)
        {
            _order.Remove(PlaceOf(before));
        }
        if (before is Credential.Authority)
        {
            Trust(_authorities.Remove(id));
        }
        return before;
    }

    /// <summary>Where it stands in lists.</summary>
    public static (string Endpoint, string Id) PlaceOf(Credential credential) => (credential.Endpoint ?? "", credential.Id);

    // Read once and not at every handshake. Who checks with those before goes on with them.
    private void Trust(ImmutableArray<string> authorities)
    {
        _authorities = authorities;
        var certificates = authorities.Select(id => _byId[id]).OfType<Credential.Authority>().Select(a => a.Certificate);
        _anchors = authorities.Length > 0 && TrustAnchors.TryRead(certificates, out var anchors) ? anchors : null;
    }

    private static string KeyOf(Credential credential) => credential switch
    {
        Credential.PreSharedKey c => Psk + c.Identity,
        Credential.PublicKey c => Rpk + c.Fingerprint,
        Credential.PinnedCertificate c => Pin + c.Fingerprint,
        Credential.CertificateSubject c => Subject + c.Name,
        _ => Signer + Fingerprint.Of(((Credential.Authority)credential).Certificate.Span),
    };

    private sealed class ByEndpoint : IComparer<(string Endpoint, string Id)>
    {
        public static ByEndpoint Instance { get; } = new();

        public int Compare((string Endpoint, string Id) x, (string Endpoint, string Id) y)
        {
            var endpoints = string.CompareOrdinal(x.Endpoint, y.Endpoint);
            return endpoints != 0 ? endpoints : string.CompareOrdinal(x.Id, y.Id);
        }
    }
}
