using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>What Register and Update tell a server of the device (LwM2M Core 1.2 §6.2.1).</summary>
/// <param name="Lifetime">In seconds; 0 is infinite.</param>
/// <param name="Binding">The letters of the binding.</param>
/// <param name="Links">The objects.</param>
/// <param name="Profiles">The ids that may stand for the objects; empty for none.</param>
internal sealed record Announcement(long Lifetime, string Binding, LinkList Links, IReadOnlyList<string> Profiles)
{
    /// <summary>Nothing has been told.</summary>
    public static Announcement None { get; } = new(0, "", LinkList.None, []);

    /// <summary>How the device is now.</summary>
    public static Announcement Of(ClientContext context, ServerObject server, Lwm2mVersion version)
    {
        var settings = context.Settings;
        IReadOnlyList<string> profiles =
            version < Lwm2mVersion.V12 ? []
            : settings.ProfileIds.Count > 0 ? settings.ProfileIds
            : server.ProfileIdAlgorithm is { } suite ? [DeviceLinks.ProfileId(context.Tree, suite)]
            : [];
        return new(server.Lifetime, server.Binding, DeviceLinks.Of(context.Tree, version, settings.TellsFormats), profiles);
    }

    /// <summary>Whether a server that was told the other one knows all of this.</summary>
    public bool DiffersFrom(Announcement other) => Lifetime != other.Lifetime || Binding != other.Binding || Links.Text != other.Links.Text;
}
