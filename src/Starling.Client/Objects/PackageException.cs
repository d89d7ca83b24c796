namespace Starling.Client;

/// <summary>Thrown by what fetches, keeps or installs a package: servers read why in the object's result.</summary>
public sealed class PackageException(PackageProblem problem, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public PackageProblem Problem { get; } = problem;
}
