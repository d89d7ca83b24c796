namespace Starling.Server;

/// <summary>A file that devices may fetch.</summary>
/// <param name="Name">Its name, which stands behind <c>/files/</c>.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Changed">When it was last written.</param>
/// <param name="IsTooLarge">Whether it is larger than <see cref="OfferedFiles.MaxLength"/>, and so not answered for.</param>
public sealed record OfferedFile(string Name, long Length, DateTimeOffset Changed, bool IsTooLarge);
