using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Crypto;

/// <summary>Authorities that are trusted, loaded once and used by many checks, on any thread. They need not be self-signed.</summary>
public sealed class TrustAnchors : IDisposable
{
    private const int MaxAlternatives = 8;
    private readonly X509Certificate2[] _certificates;
    private readonly Lazy<TrustAnchors[]> _alternatives;

    private TrustAnchors(X509Certificate2[] certificates, bool isSystem)
    {
        _certificates = certificates;
        _alternatives = new Lazy<TrustAnchors[]>(FindAlternatives);
        IsSystem = isSystem;
    }

    /// <summary>Those of the operating system.</summary>
    public static TrustAnchors System { get; } = new([], isSystem: true);

    /// <summary>How many they are; 0 where they are the operating system's.</summary>
    public int Count => _certificates.Length;

    internal bool IsSystem { get; }

    /// <summary>
    /// Where authorities share a name, as they do while one changes its key: the same anchors with only one of that name, up to 8 times.
    /// Without key identifiers the system takes any authority of the right name and does not try another one.
    /// </summary>
    internal IReadOnlyList<TrustAnchors> Alternatives => _alternatives.Value;

    /// <summary>Reads authorities.</summary>
    /// <param name="der">Their certificates in DER.</param>
    /// <param name="anchors">What was read; the caller disposes it when no check is under way.</param>
    /// <returns>False: one of them cannot be read.</returns>
    public static bool TryRead(IEnumerable<ReadOnlyMemory<byte>> der, [NotNullWhen(true)] out TrustAnchors? anchors)
    {
        ArgumentNullException.ThrowIfNull(der);
        var read = new List<X509Certificate2>();
        foreach (var bytes in der)
        {
            if (!CertificateChain.TryRead(bytes.Span, out var certificate))
            {
                read.ForEach(c => c.Dispose());
                anchors = null;
                return false;
            }
            read.Add(certificate);
        }
        anchors = new TrustAnchors([.. read], isSystem: false);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var certificate in _certificates)
        {
            certificate.Dispose();
        }
    }

    private TrustAnchors[] FindAlternatives() =>
        [.. _certificates.Where(c => _certificates.Any(o => !ReferenceEquals(o, c) && HasNameOf(o, c))).Take(MaxAlternatives)
            .Select(c => new TrustAnchors([.. _certificates.Where(o => ReferenceEquals(o, c) || !HasNameOf(o, c))], isSystem: false))];

    private static bool HasNameOf(X509Certificate2 one, X509Certificate2 other) => one.SubjectName.RawData.AsSpan().SequenceEqual(other.SubjectName.RawData);

    internal bool Contains(X509Certificate2 certificate) => Array.Exists(_certificates, a => a.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));

    internal void AddTo(X509ChainPolicy policy)
    {
        policy.TrustMode = IsSystem ? X509ChainTrustMode.System : X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(_certificates);
    }
}
