using System.Globalization;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// Discover (LwM2M Core 1.2 §6.3.2): what is there and which attributes the asking server has attached. An object shows instances and resources,
/// an instance its resources, a resource itself and, since 1.1, its instances.
/// </summary>
internal static class DiscoverOperation
{
    public static Lwm2mResponse Answer(ObjectTree tree, Lwm2mPath path, ServerAttributes attributes, Lwm2mVersion version)
    {
        if (!Target.TryFind(tree, path, out var target, out var refusal))
        {
            return refusal;
        }
        var links = new List<CoreLink>();
        switch (path.Depth)
        {
            case 1:
                links.Add(new CoreLink($"{path}", [.. Version(target.Object.Definition, version), .. Pairs(attributes.Effective(path))]));
                foreach (var instance in target.Object.Instances)
                {
                    links.Add(new CoreLink($"{instance.Path}", [.. Pairs(attributes.At(instance.Path))]));
                    AddResources(links, instance, attributes);
                }
                break;
            case 2:
                links.Add(new CoreLink($"{path}", [.. Pairs(attributes.Effective(path))]));
                AddResources(links, target.Instance!, attributes);
                break;
            case 3 when IsThere(target.Entry, out var count):
                AddResource(links, target, count, attributes, version);
                break;
            default:
                return Refusal.NotFound(path);
        }
        return new Lwm2mResponse(CoapCode.Content) { Links = links };
    }

    private static void AddResources(List<CoreLink> links, ObjectInstance instance, ServerAttributes attributes)
    {
        foreach (var entry in instance.Entries)
        {
            if (IsThere(entry, out var count))
            {
                var path = instance.Path.Append(entry.Definition.Id);
                links.Add(new CoreLink($"{path}", [.. Dimension(count), .. Pairs(attributes.At(path))]));
            }
        }
    }

    private static void AddResource(List<CoreLink> links, in Target target, int? count, ServerAttributes attributes, Lwm2mVersion version)
    {
        var path = target.Path;
        links.Add(new CoreLink($"{path}", [.. Dimension(count), .. Pairs(attributes.Effective(path))]));
        if (version > Lwm2mVersion.V10 && target.Entry is { Definition.IsMultiple: true, CanRead: true })
        {
            links.AddRange((target.Entry.Resource.ReadInstances() ?? []).Keys
                .Select(path.Append).Select(p => new CoreLink($"{p}", [.. Pairs(attributes.At(p))])));
        }
    }

    /// <summary>Whether the resource is there now: one that cannot be read always is. The count is that of its instances.</summary>
    private static bool IsThere(in ObjectInstance.Entry entry, out int? count)
    {
        count = null;
        if (!entry.CanRead)
        {
            return true;
        }
        if (!entry.Definition.IsMultiple)
        {
            return entry.Resource.ReadValue().Kind != ValueKind.None;
        }
        count = entry.Resource.ReadInstances()?.Count;
        return count is not null;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Version(ObjectDefinition definition, Lwm2mVersion version) =>
        EnablerVersions.MustTell(definition.Id, definition.Version, version) ? [new("ver", definition.Version.ToString())] : [];

    private static IEnumerable<KeyValuePair<string, string?>> Dimension(int? count) =>
        count is { } n ? [new("dim", n.ToString(CultureInfo.InvariantCulture))] : [];

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(NotificationAttributes attributes) =>
        AttributeQuery.Pairs(attributes).Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value));
}
