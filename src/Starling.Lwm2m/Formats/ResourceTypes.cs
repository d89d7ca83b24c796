namespace Starling.Lwm2m;

/// <summary>The types of resources along one payload: records of the same object, as they mostly come, ask the catalog for it once.</summary>
internal struct ResourceTypes(CatalogView catalog)
{
    private int _objectId = -1;
    private ObjectDefinition? _object;

    /// <summary>The type of the resource at or above a path; <see cref="ValueKind.None"/> when it is not known or has none.</summary>
    public ValueKind Find(Lwm2mPath path)
    {
        if (path.ObjectId != _objectId)
        {
            _objectId = path.ObjectId;
            _object = catalog.FindObject(_objectId);
        }
        return _object?.Find(path.ResourceId)?.Type ?? ValueKind.None;
    }

    /// <summary>A value as its resource's type; as it is where that is not known. False when it is of another type (Core 1.2 §7.3.1: 4.00).</summary>
    public bool TryType(Lwm2mPath path, Lwm2mValue raw, out Lwm2mValue value)
    {
        value = raw;
        var type = Find(path);
        return type == ValueKind.None || raw.Kind == type || raw.TryConvert(type, out value);
    }
}
