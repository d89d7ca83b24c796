namespace Starling.Lwm2m;

/// <summary>The catalog as one device means it: each object in the version that the device told.</summary>
/// <param name="catalog">The definitions.</param>
/// <param name="versions">Object number to version; what is absent is taken in its newest version.</param>
public sealed class CatalogView(ObjectCatalog catalog, IReadOnlyDictionary<int, ObjectVersion>? versions = null)
{
    /// <summary>A view that knows nothing: values keep the types of the format.</summary>
    public static CatalogView Empty { get; } = new(ObjectCatalog.Empty);

    /// <summary>The catalog that is looked at.</summary>
    public ObjectCatalog Catalog => catalog;

    /// <summary>The definition of an object; null when it is not known.</summary>
    public ObjectDefinition? FindObject(int objectId) =>
        versions is not null && versions.TryGetValue(objectId, out var version) ? catalog.Find(objectId, version) : catalog.Find(objectId);

    /// <summary>The definition of the resource at or above a path; null when it is not known or the path is too short.</summary>
    public ResourceDefinition? FindResource(Lwm2mPath path) => path.Depth < 3 ? null : FindObject(path.ObjectId)?.Find(path.ResourceId);
}
