using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Which enabler versions are tried with a server (LwM2M Core 1.2 §6.2.1).</summary>
internal static class VersionChoice
{
    private static readonly Lwm2mVersion[] _all = [Lwm2mVersion.V12, Lwm2mVersion.V11, Lwm2mVersion.V10];

    /// <summary>From the highest that the client speaks down; only those that the server is known to speak, unless that leaves none.</summary>
    /// <param name="highest">The client's highest.</param>
    /// <param name="supported">Supported Server Versions (/1/x/25), as <c>1.1</c> or <c>1.1.1</c>.</param>
    public static IReadOnlyList<Lwm2mVersion> Candidates(Lwm2mVersion highest, IEnumerable<string> supported)
    {
        var spoken = Array.FindAll(_all, version => version <= highest);
        var known = supported.Select(WithoutPatch).ToHashSet();
        var both = Array.FindAll(spoken, version => known.Contains(version.ToString()));
        return both.Length > 0 ? both : spoken;
    }

    // The third number, where there is one, says nothing about what is spoken.
    private static string WithoutPatch(string version) => string.Join('.', version.Split('.').Take(2));
}
