namespace Starling.Platform;

/// <summary>All cases there are, in the order in which they run: those that only look come before those that change something.</summary>
internal static class CheckCatalog
{
    public static IReadOnlyList<CheckGroup> Groups { get; } =
    [
        ReadCases.Group,
        DiscoverCases.Group,
        WriteCases.Group,
        ObserveCases.Group,
        DeviceCases.Group,
        ConnectivityCases.Group,
        PortfolioCases.Group,
        RegistrationCases.Group,
    ];

    public static IReadOnlyList<CheckCase> All { get; } = [.. Groups.SelectMany(g => g.Cases)];
}
