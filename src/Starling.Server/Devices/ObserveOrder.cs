using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>What somebody wants to be told of a device.</summary>
/// <param name="Paths">Object, instance, resource or resource instance; for a composite several, or <c>/</c> for everything.</param>
public sealed record ObserveOrder(IReadOnlyList<Lwm2mPath> Paths)
{
    /// <summary>One path by itself.</summary>
    public ObserveOrder(Lwm2mPath path) : this([path]) { }

    /// <summary>Whether it is one Observe-Composite with one notification for all (LwM2M Core 1.2 §6.4.4): yes, where there is more than one path.</summary>
    public bool IsComposite { get; init; } = Paths.Count > 1;

    /// <summary>The attributes; null for none.</summary>
    public NotificationAttributes? Attributes { get; init; }

    /// <summary>How the device is told the attributes.</summary>
    public AttributePlacement Placement { get; init; }

    /// <summary>The format to ask for; null to choose by device.</summary>
    public ContentFormat? Accept { get; init; }

    /// <summary>The format of a composite's list of paths; null to choose by device.</summary>
    public ContentFormat? Format { get; init; }

    /// <summary>Whether attributes that the device refuses in the request may be written instead.</summary>
    internal bool MayWrite => Placement == AttributePlacement.Automatic;

    /// <summary>Whether an observation is of the same paths, in the same order.</summary>
    internal bool IsFor(Observation observation) => observation.IsComposite == IsComposite
        && (IsComposite ? observation.Paths.SequenceEqual(Paths) : observation.Path == Paths[0]);

    /// <summary>The order as this device is to be asked.</summary>
    internal StoredObservation For(DeviceSession device, CoapToken token)
    {
        var isWritten = Placement switch
        {
            AttributePlacement.Written => true,
            AttributePlacement.InRequest => false,
            _ => device.Version < Lwm2mVersion.V12 || Attributes?.Unset != AttributeNames.None,
        };
        return new StoredObservation(token, Paths, Accept)
        {
            IsComposite = IsComposite,
            Format = Format,
            Attributes = isWritten ? null : Attributes,
            Written = isWritten ? Attributes : null,
        };
    }
}
