using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The definitions of a device's own objects, for the codecs. While they all are the settings' own, the catalog is shared by every client that has it.
/// </summary>
internal sealed class CatalogTracker(ClientContext context)
{
    private volatile CatalogView _view = Build(context);

    /// <summary>An object may have come.</summary>
    public void Refresh() => _view = Build(context);

    /// <summary>What the codecs must know for what is said with a server.</summary>
    public OperationScope ScopeFor(RegistrationLoop server) => new(_view, server.Status.Version, Now: context.Time.GetUtcNow(), MaxPaths: context.Settings.CompositePaths);

    private static CatalogView Build(ClientContext context)
    {
        var catalog = context.Settings.Catalog;
        var objects = context.Tree.Objects;
        var own = objects.Select(o => o.Definition).Where(d => catalog.Find(d.Id, d.Version) != d).ToArray();
        if (own.Length > 0)
        {
            catalog = catalog.With(own);
        }
        var isNewest = Array.TrueForAll(objects, o => catalog.Find(o.Id) == o.Definition);
        return new CatalogView(catalog, isNewest ? null : objects.ToDictionary(o => o.Id, o => o.Definition.Version));
    }
}
