using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>How the registration with one server stands.</summary>
/// <param name="ShortServerId">Which server.</param>
/// <param name="State">The state.</param>
/// <param name="Version">The enabler version that is spoken with it.</param>
/// <param name="Location">Where the registration is, as <c>rd/abc</c>; null when there is none.</param>
/// <param name="Problem">Why the last attempt did not succeed; null when it did.</param>
public sealed record RegistrationStatus(int ShortServerId, RegistrationState State, Lwm2mVersion Version, string? Location = null, string? Problem = null)
{
    /// <summary>
    /// Whether the device needs a bootstrap: all attempts have failed, and the account says that this is the time for it (/1/x/16).
    /// </summary>
    public bool NeedsBootstrap { get; init; }

    /// <summary>Whether the server may send requests now.</summary>
    public bool IsRegistered => State is RegistrationState.Registered or RegistrationState.Updating;
}

/// <summary>The states of a registration.</summary>
public enum RegistrationState
{
    /// <summary>Not begun: the client does not run, or waits for its initial delay.</summary>
    Idle,
    /// <summary>Register is under way.</summary>
    Registering,
    /// <summary>The server has answered Register.</summary>
    Registered,
    /// <summary>Update is under way; the registration is still good.</summary>
    Updating,
    /// <summary>An attempt has failed; the next one follows after a delay.</summary>
    Backoff,
    /// <summary>All attempts of all sequences have failed.</summary>
    Failed,
    /// <summary>The server has told the client to stay away for a time (Execute /1/x/4).</summary>
    Disabled,
    /// <summary>The client has stopped.</summary>
    Deregistered,
}
