namespace Starling.Client;

/// <summary>
/// Where a device keeps one package, firmware or software, and how it installs it. Called by one caller at a time, on pool threads.
/// A <see cref="PackageException"/> says why something could not be; any other exception counts as <see cref="PackageProblem.InstallFailed"/>.
/// </summary>
public abstract class PackageStorage
{
    /// <summary>A package begins: what was kept before goes.</summary>
    public abstract ValueTask BeginAsync(CancellationToken cancel);

    /// <summary>The next bytes. They are valid during the call only.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> part, CancellationToken cancel);

    /// <summary>The package is complete: checks it.</summary>
    /// <returns>What it is.</returns>
    public abstract ValueTask<PackageIdentity> FinishAsync(CancellationToken cancel);

    /// <summary>The package is not wanted any more, complete or not.</summary>
    public abstract void Discard();

    /// <summary>
    /// Installs the package that is complete. A device that restarts for it makes its objects anew afterwards, with the result to begin with;
    /// the server has been answered before.
    /// </summary>
    public abstract Task InstallAsync(CancellationToken cancel);
}
