namespace Starling.Server;

/// <summary>What a server has done so far, as it stood at one moment.</summary>
public readonly record struct ServerCounters
{
    /// <summary>Devices that are registered now.</summary>
    public long Devices { get; init; }
    /// <summary>Registers accepted.</summary>
    public long Registers { get; init; }
    /// <summary>Updates accepted.</summary>
    public long Updates { get; init; }
    /// <summary>De-registers accepted.</summary>
    public long Deregisters { get; init; }
    /// <summary>Registrations whose lifetime passed.</summary>
    public long Expirations { get; init; }
    /// <summary>Registers, Updates and De-registers refused.</summary>
    public long Rejections { get; init; }
    /// <summary>Observations that stand now.</summary>
    public long Observations { get; init; }
    /// <summary>Observations that were not begun because the device has as many as <see cref="ServerSettings.MaxObservationsPerDevice"/> allows.</summary>
    public long RefusedObservations { get; init; }
    /// <summary>Notifications taken.</summary>
    public long Notifications { get; init; }
    /// <summary>Notifications older than one taken before, left aside (RFC 7641 §3.4).</summary>
    public long StaleNotifications { get; init; }
    /// <summary>Sends taken.</summary>
    public long Sends { get; init; }
    /// <summary>Sends refused: from nobody who is registered, of an object that is not, unreadable, or not kept.</summary>
    public long RefusedSends { get; init; }
    /// <summary>Messages with values that have no place.</summary>
    public long Unmapped { get; init; }
    /// <summary>Operations sent to devices.</summary>
    public long Operations { get; init; }
    /// <summary>Operations that ended without an answer.</summary>
    public long FailedOperations { get; init; }
    /// <summary>Profile ids that are known now.</summary>
    public long Profiles { get; init; }
    /// <summary>Profile ids that were not learned, because <see cref="ServerSettings.MaxProfiles"/> are known already, or their lists take <see cref="ServerSettings.MaxProfileBytes"/>.</summary>
    public long RefusedProfiles { get; init; }
    /// <summary>Operations that wait in the queue now.</summary>
    public long WaitingOperations { get; init; }
    /// <summary>Operations that were not queued: a limit of <see cref="QueueSettings"/>, or a store that failed.</summary>
    public long RefusedOperations { get; init; }
    /// <summary>Queued operations whose time was over before their device took them.</summary>
    public long ExpiredOperations { get; init; }
    /// <summary>Devices whose wanted observations went with their registration, because <see cref="ServerSettings.MaxAbsentDevices"/> are remembered already.</summary>
    public long ForgottenDevices { get; init; }
    /// <summary>Events that subscribers have missed.</summary>
    public long MissedEvents { get; init; }
    /// <summary>Changes that the store refused or could not keep: the device was answered 5.03.</summary>
    public long StoreFailures { get; init; }
    /// <summary>What was made of credentials; all zero without any.</summary>
    public CredentialCounters Credentials { get; init; }
}
