using Starling.Coap;

namespace Starling.Client;

/// <summary>
/// With what a package is fetched: from a secured place with the credentials of the server at that host (LwM2M Core 1.2 appendix E.6), whichever of the
/// servers wrote the URI. Keys of one host are shown to no other.
/// </summary>
internal static class PackageSource
{
    private const string Secured = "coaps";

    /// <summary>The target.</summary>
    /// <exception cref="PackageException">The place is secured, and no account has credentials for it.</exception>
    public static PeerTarget Of(Uri source, IEnumerable<RegistrationLoop> servers) =>
        !source.Scheme.StartsWith(Secured, StringComparison.Ordinal) ? new PeerTarget(source)
        : servers.Select(server => server.TargetAt(source)).FirstOrDefault(target => target is not null)
            ?? throw new PackageException(PackageProblem.InvalidUri, $"no account has credentials for {source.Host}");
}
