using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>A device's registration as it stood at one moment (LwM2M Core 1.2 §6.2.1).</summary>
/// <param name="Id">What stands behind <c>rd/</c> in its location: 16 URL-safe characters that nobody can guess.</param>
/// <param name="Endpoint">The endpoint client name.</param>
/// <param name="Version">The enabler version.</param>
/// <param name="Lifetime">Seconds without a word after which it ends; 0 is never.</param>
/// <param name="Links">Objects and instances.</param>
public sealed record Registration(string Id, string Endpoint, Lwm2mVersion Version, long Lifetime, LinkList Links)
{
    /// <summary>When the device registered.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>When the device registered or updated last.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the lifetime ends, without <see cref="ServerSettings.ExpiryGrace"/>; null is never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The letters of the bindings that the device told; <c>U</c> when it told none.</summary>
    public string Binding { get; init; } = "U";

    /// <summary>Whether the device told that it sleeps between its messages.</summary>
    public bool QueueMode { get; init; }

    /// <summary>The MSISDN or external identifier; null when none was told.</summary>
    public string? SmsNumber { get; init; }

    /// <summary>The profile ids that the device told (LwM2M Core 1.2 §6.2.1); <see cref="Links"/> has what they stand for.</summary>
    public IReadOnlyList<string> ProfileIds { get; init; } = [];

    /// <summary>Where the device was last heard from.</summary>
    public PeerAddress Address { get; init; }

    /// <summary>Who the device has proven to be; <see cref="PeerIdentity.Anonymous"/> when nothing secures its transport.</summary>
    public PeerIdentity Identity { get; init; } = PeerIdentity.None;
}
