namespace Starling.Fuzz;

/// <summary>All targets of this program.</summary>
public static class FuzzTargets
{
    /// <summary>Every class that derives from <see cref="FuzzTarget"/>, by name.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. typeof(FuzzTarget).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(FuzzTarget)) && !type.IsAbstract)
            .Select(type => (FuzzTarget)Activator.CreateInstance(type)!)
            .OrderBy(target => target.Name, StringComparer.Ordinal),
    ];

    /// <summary>The targets that a command line names: one of them, or <c>all</c>.</summary>
    public static IReadOnlyList<FuzzTarget> Named(string name) =>
        name == "all" ? All : [.. All.Where(target => target.Name == name)];
}
