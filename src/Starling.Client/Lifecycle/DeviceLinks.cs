using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The list of objects and instances that a device registers (LwM2M Core 1.2 §6.2.1).</summary>
internal static class DeviceLinks
{
    public static LinkList Of(ObjectTree tree, Lwm2mVersion enabler)
    {
        var paths = new List<Lwm2mPath>();
        var versions = new Dictionary<int, ObjectVersion>();
        foreach (var each in tree.Objects)
        {
            if (Target.IsSecret(each.Id))
            {
                continue;
            }
            paths.Add(new Lwm2mPath(each.Id));
            paths.AddRange(each.Instances.Select(i => i.Path));
            if (EnablerVersions.MustTell(each.Id, each.Definition.Version, enabler))
            {
                versions.Add(each.Id, each.Definition.Version);
            }
        }
        return LinkList.Create(paths, versions);
    }
}
