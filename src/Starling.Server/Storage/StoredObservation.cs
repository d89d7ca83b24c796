using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>An observation as data: what somebody wants to be told, whether or not the device knows it at the moment.</summary>
/// <param name="Token">Its token, the same for as long as it lasts.</param>
/// <param name="Paths">What is observed: one path, or several of a composite in the order in which they are asked for.</param>
/// <param name="Accept">The format that was asked for; null when it was left to the codec.</param>
public sealed record StoredObservation(CoapToken Token, IReadOnlyList<Lwm2mPath> Paths, ContentFormat? Accept)
{
    /// <summary>Whether it is one Observe-Composite; it may be of a single path.</summary>
    public bool IsComposite { get; init; }

    /// <summary>The format of a composite's list of paths, so that its cancellation has the same bytes (RFC 8132 §2.4); null for a single path.</summary>
    public ContentFormat? Format { get; init; }

    /// <summary>The attributes in the request; null for none.</summary>
    public NotificationAttributes? Attributes { get; init; }

    /// <summary>The attributes that are written to each path before it is observed; null for none.</summary>
    public NotificationAttributes? Written { get; init; }
}
