namespace Starling.Platform;

/// <summary>The cases of one file.</summary>
/// <param name="Name">The name of its class.</param>
/// <param name="Title">What they have in common.</param>
/// <param name="Cases">In the order in which they run.</param>
internal sealed record CheckGroup(string Name, string Title, IReadOnlyList<CheckCase> Cases);
