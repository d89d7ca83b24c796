namespace Starling.Lwm2m;

/// <summary>The catalog as one device means it: each object in the version that the device told. Immutable; shared by devices that mean the same.</summary>
public sealed class CatalogView
{
    private readonly IReadOnlyDictionary<int, ObjectVersion>? _versions;
    private readonly Lwm2mVersion? _enabler;

    /// <summary>Makes a view. For a device that has registered take <see cref="ObjectCatalog.ViewFor"/>.</summary>
    /// <param name="catalog">The definitions.</param>
    /// <param name="versions">Object number to version.</param>
    /// <param name="enabler">What implies the versions that are not told; null takes those objects in their newest version.</param>
    public CatalogView(ObjectCatalog catalog, IReadOnlyDictionary<int, ObjectVersion>? versions = null, Lwm2mVersion? enabler = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        Catalog = catalog;
        _versions = versions;
        _enabler = enabler;
    }

    /// <summary>A view that knows nothing: values keep the types of the format.</summary>
    public static CatalogView Empty { get; } = new(ObjectCatalog.Empty);

    /// <summary>The catalog that is looked at.</summary>
    public ObjectCatalog Catalog { get; }

    /// <summary>The definition of an object; null when it is not known.</summary>
    /// <remarks>
    /// An object that is not of the core means 1.0 when it tells no version. It is taken in the newest version 1.x all the same: those only add to
    /// 1.0, and many devices have what they do not tell.
    /// </remarks>
    public ObjectDefinition? FindObject(int objectId)
    {
        if (_versions is not null && _versions.TryGetValue(objectId, out var told))
        {
            return Catalog.Find(objectId, told);
        }
        if (_enabler is not { } enabler)
        {
            return Catalog.Find(objectId);
        }
        return EnablerVersions.Of(objectId, enabler) is { } implied ? Catalog.Find(objectId, implied) : Catalog.FindNewest(objectId, major: 1);
    }

    /// <summary>The definition of the resource at or above a path; null when it is not known or the path is too short.</summary>
    public ResourceDefinition? FindResource(Lwm2mPath path) => path.Depth < 3 ? null : FindObject(path.ObjectId)?.Find(path.ResourceId);
}
