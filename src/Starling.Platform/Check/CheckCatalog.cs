namespace Starling.Platform;

/// <summary>All cases there are, in the order in which they run. The first Register comes first: the trace may forget it.</summary>
internal static class CheckCatalog
{
    public static IReadOnlyList<CheckGroup> Groups { get; } =
    [
        RegistrationCases.Group,
        ReadCases.Group,
        DiscoverCases.Group,
        WriteCases.Group,
        CompositeCases.Group,
        ObserveCases.Group,
        ObserveCompositeCases.Group,
        DeviceCases.Group,
        ConnectivityCases.Group,
        PortfolioCases.Group,
        CellularCases.Group,
        DataCases.Group,
        FirmwareCases.Group,
        SendCases.Group,
        QueueCases.Group,
        SeveralServersCases.Group,
    ];

    public static IReadOnlyList<CheckCase> All { get; } = [.. Groups.SelectMany(g => g.Cases)];
}
