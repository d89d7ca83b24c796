using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Starling.Lwm2m;

/// <summary>All known objects in all known versions. Immutable: adding gives another catalog.</summary>
public sealed class ObjectCatalog
{
    private readonly FrozenDictionary<int, ObjectDefinition[]> _byId;   // versions in descending order
    private readonly CatalogView[] _plainViews;                          // for 1.0, 1.1 and 1.2
    private readonly ConditionalWeakTable<LinkList, CatalogView[]> _oddViews = [];

    /// <summary>Makes a catalog; of two definitions of the same object and version the later one counts.</summary>
    public ObjectCatalog(IEnumerable<ObjectDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        _byId = definitions
            .GroupBy(d => d.Id)
            .ToFrozenDictionary(g => g.Key, g => g.GroupBy(d => d.Version).Select(v => v.Last()).OrderByDescending(d => d.Version).ToArray());
        _plainViews = Views(null);
    }

    /// <summary>A catalog that knows nothing.</summary>
    public static ObjectCatalog Empty { get; } = new([]);

    /// <summary>The objects that Starling brings along: 0 to 16, 19 to 27 and the sensors and actuators 3200 to 3350, in every version they have had. Read at first use.</summary>
    public static ObjectCatalog Standard => StandardObjects.Catalog;

    /// <summary>Every definition, by number, newest version first.</summary>
    public IEnumerable<ObjectDefinition> All => _byId.OrderBy(p => p.Key).SelectMany(p => p.Value);

    /// <summary>A catalog with these too.</summary>
    public ObjectCatalog With(IEnumerable<ObjectDefinition> more) => new(All.Concat(more));

    /// <summary>The catalog as a device means it that registers these objects in an enabler version. It is the same view for all that mean the same.</summary>
    public CatalogView ViewFor(LinkList links, Lwm2mVersion enabler)
    {
        ArgumentNullException.ThrowIfNull(links);
        var views = AllImplied(links, enabler) ? _plainViews : _oddViews.GetValue(links, Views);
        return views[enabler < Lwm2mVersion.V11 ? 0 : enabler < Lwm2mVersion.V12 ? 1 : 2];
    }

    /// <summary>The newest version of an object; null when it is not known.</summary>
    public ObjectDefinition? Find(int objectId) => _byId.TryGetValue(objectId, out var versions) ? versions[0] : null;

    /// <summary>
    /// An object in this version; where that one is not known, the nearest one of the same major version, the newer first; else the newest.
    /// An unknown version is no error (LwM2M Core 1.2 §7.2.2).
    /// </summary>
    public ObjectDefinition? Find(int objectId, ObjectVersion version)
    {
        if (!_byId.TryGetValue(objectId, out var versions))
        {
            return null;
        }
        ObjectDefinition? nearest = null;
        foreach (var definition in versions)
        {
            if (definition.Version == version)
            {
                return definition;
            }
            if (definition.Version.Major == version.Major && (nearest is null || definition.Version > version))
            {
                nearest = definition;
            }
        }
        return nearest ?? versions[0];
    }

    /// <summary>The newest version of an object that has this major number; else the newest of all.</summary>
    internal ObjectDefinition? FindNewest(int objectId, byte major)
    {
        if (!_byId.TryGetValue(objectId, out var versions))
        {
            return null;
        }
        foreach (var definition in versions)
        {
            if (definition.Version.Major == major)
            {
                return definition;
            }
        }
        return versions[0];
    }

    private static bool AllImplied(LinkList links, Lwm2mVersion enabler)
    {
        if (links.Versions.Count == 0)
        {
            return true;
        }
        foreach (var (id, version) in links.Versions)
        {
            if (EnablerVersions.Of(id, enabler) != version)
            {
                return false;
            }
        }
        return true;
    }

    private CatalogView[] Views(LinkList? links) =>
        [new(this, links?.Versions, Lwm2mVersion.V10), new(this, links?.Versions, Lwm2mVersion.V11), new(this, links?.Versions, Lwm2mVersion.V12)];
}
