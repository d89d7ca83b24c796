namespace Starling.Dtls;

/// <summary>Which suites are possible with the keys that there are: a PSK-only side never speaks of certificates, and the other way round.</summary>
internal static class SuiteChoice
{
    /// <summary>Whether we may use a suite at all.</summary>
    public static bool IsOurs(CipherSuite suite, DtlsSettings settings, DtlsOwnKeys own, bool isClient) =>
        SuiteTable.TryFind(suite, out var exchange, out _)
        && (settings.AllowCbc || !SuiteTable.IsCbc(suite))
        && (exchange == KeyExchange.EcdheEcdsa ? HasPublicKey(own) : isClient ? own.PreSharedKey is not null : own.AcceptsPreSharedKeys);

    /// <summary>What a client offers.</summary>
    public static List<CipherSuite> Offered(DtlsSettings settings, DtlsOwnKeys own) =>
        [.. settings.Suites.Where(suite => IsOurs(suite, settings, own, isClient: true)).Distinct()];

    /// <summary>Whether any of these needs a curve.</summary>
    public static bool NeedsCurve(IEnumerable<CipherSuite> suites) =>
        suites.Any(suite => SuiteTable.TryFind(suite, out var exchange, out _) && exchange != KeyExchange.Psk);

    /// <summary>Whether any of these needs signatures.</summary>
    public static bool NeedsSignature(IEnumerable<CipherSuite> suites) =>
        suites.Any(suite => SuiteTable.TryFind(suite, out var exchange, out _) && exchange == KeyExchange.EcdheEcdsa);

    private static bool HasPublicKey(DtlsOwnKeys own) => own.Key is not null && (own.RawPublicKeys || !own.Chain.IsDefaultOrEmpty);
}
