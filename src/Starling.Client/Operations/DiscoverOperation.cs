using System.Globalization;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// Discover (LwM2M Core 1.2 §6.3.2): what is there and which attributes the asking server has attached. The target shows those that it inherits
/// as well, anything below it only its own.
/// </summary>
internal static class DiscoverOperation
{
    private const int Levels = 4;

    /// <param name="tree">What there is: no right is needed to see it (§8.2.2).</param>
    /// <param name="path">An object, an instance or a resource.</param>
    /// <param name="depth">
    /// How many levels below the target are shown, since 1.2. Null: down to the resources, and of a resource, since 1.1, its instances.
    /// </param>
    /// <param name="attributes">What the server has attached.</param>
    /// <param name="version">What is spoken with it.</param>
    public static Lwm2mResponse Answer(ObjectTree tree, Lwm2mPath path, int? depth, ServerAttributes attributes, Lwm2mVersion version)
    {
        if (!Target.TryFind(tree, path, AccessRights.None, out var target, out var refusal))
        {
            return refusal;
        }
        if (path.Depth > 3 || (path.Depth == 3 && !IsThere(target.Entry, out _)))
        {
            return Refusal.NotFound(path);
        }
        var deepest = depth is { } levels ? path.Depth + levels : path.Depth == 3 ? Levels : 3;
        var links = new Links(path, attributes, version > Lwm2mVersion.V10 ? deepest : Math.Min(deepest, 3));
        switch (path.Depth)
        {
            case 1:
                links.Add(path, Version(target.Object.Definition, version));
                foreach (var instance in target.Object.Instances)
                {
                    AddInstance(links, instance);
                }
                break;
            case 2:
                AddInstance(links, target.Instance!);
                break;
            default:
                AddResource(links, path, target.Entry);
                break;
        }
        return new Lwm2mResponse(CoapCode.Content) { Links = links.All };
    }

    private static void AddInstance(Links links, ObjectInstance instance)
    {
        links.Add(instance.Path, []);
        foreach (var entry in instance.Entries)
        {
            AddResource(links, instance.Path.Append(entry.Definition.Id), entry);
        }
    }

    private static void AddResource(Links links, Lwm2mPath path, in ObjectInstance.Entry entry)
    {
        if (!links.Shows(path) || !IsThere(entry, out var count))
        {
            return;
        }
        links.Add(path, Dimension(count));
        if (count is not null && links.Shows(path.Append(0)))
        {
            foreach (var id in entry.Resource.ReadInstances()?.Keys ?? [])
            {
                links.Add(path.Append(id), []);
            }
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

    /// <summary>The links down to a level.</summary>
    private sealed class Links(Lwm2mPath target, ServerAttributes attributes, int deepest)
    {
        public List<CoreLink> All { get; } = [];

        public bool Shows(Lwm2mPath path) => path.Depth <= deepest;

        public void Add(Lwm2mPath path, IEnumerable<KeyValuePair<string, string?>> properties)
        {
            if (Shows(path))
            {
                var attached = path == target ? attributes.Effective(path) : attributes.At(path);
                All.Add(new CoreLink($"{path}", [.. properties, .. Pairs(attached)]));
            }
        }

        private static IEnumerable<KeyValuePair<string, string?>> Pairs(NotificationAttributes attached) =>
            AttributeQuery.Pairs(attached).Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value));
    }
}
