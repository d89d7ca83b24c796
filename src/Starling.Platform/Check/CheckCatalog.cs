namespace Starling.Platform;

/// <summary>All cases there are, in the order in which they run. The first Register comes first, as the trace may forget it; what waits comes late.</summary>
internal static class CheckCatalog
{
    public static IReadOnlyList<CheckGroup> Groups { get; } =
    [
        RegistrationCases.Group,
        SecurityCases.Group,
        ReadCases.Group,
        DiscoverCases.Group,
        WriteCases.Group,
        CompositeCases.Group,
        DeviceCases.Group,
        PortfolioCases.Group,
        CellularCases.Group,
        DataCases.Group,
        FirmwareCases.Group,
        ConnectivityCases.Group,
        ObserveCases.Group,
        ObserveCompositeCases.Group,
        SendCases.Group,
        QueueCases.Group,
        SeveralServersCases.Group,
    ];

    public static IReadOnlyList<CheckCase> All { get; } = [.. Groups.SelectMany(g => g.Cases)];
}
