namespace Starling.Client;

/// <summary>What a package says it is.</summary>
/// <param name="Name">Its name; at most 255 bytes of UTF-8.</param>
/// <param name="Version">Its version; at most 255 bytes of UTF-8.</param>
public sealed record PackageIdentity(string Name, string Version);
