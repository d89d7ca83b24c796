namespace Starling.Server;

/// <summary>The counters while they count.</summary>
internal sealed class ServerTally
{
    public Tally Registers { get; } = new();
    public Tally Updates { get; } = new();
    public Tally Deregisters { get; } = new();
    public Tally Expirations { get; } = new();
    public Tally Rejections { get; } = new();
    public Tally Observations { get; } = new();
    public Tally RefusedObservations { get; } = new();
    public Tally Notifications { get; } = new();
    public Tally StaleNotifications { get; } = new();
    public Tally Sends { get; } = new();
    public Tally RefusedSends { get; } = new();
    public Tally Unmapped { get; } = new();
    public Tally Operations { get; } = new();
    public Tally FailedOperations { get; } = new();
    public Tally RefusedOperations { get; } = new();
    public Tally RefusedProfiles { get; } = new();
    public Tally ExpiredOperations { get; } = new();
    public Tally ForgottenDevices { get; } = new();
    public Tally MissedEvents { get; } = new();
    public Tally StoreFailures { get; } = new();

    public ServerCounters Read(Lwm2mServer server) => new()
    {
        Devices = server.Count,
        Registers = Registers.Count,
        Updates = Updates.Count,
        Deregisters = Deregisters.Count,
        Expirations = Expirations.Count,
        Rejections = Rejections.Count,
        Observations = Observations.Count,
        RefusedObservations = RefusedObservations.Count,
        Notifications = Notifications.Count,
        StaleNotifications = StaleNotifications.Count,
        Sends = Sends.Count,
        RefusedSends = RefusedSends.Count,
        Unmapped = Unmapped.Count,
        Operations = Operations.Count,
        FailedOperations = FailedOperations.Count,
        WaitingOperations = server.Operations.Waiting,
        Profiles = server.Profiles.Count,
        RefusedProfiles = RefusedProfiles.Count,
        RefusedOperations = RefusedOperations.Count,
        ExpiredOperations = ExpiredOperations.Count,
        ForgottenDevices = ForgottenDevices.Count,
        MissedEvents = MissedEvents.Count,
        StoreFailures = StoreFailures.Count,
        Credentials = server.Credentials?.Counters ?? default,
    };
}
