using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>Which content format an operation uses (LwM2M Core 1.2 §7.4; which format each operation may carry: LwM2M Transport 1.2 §6.4).</summary>
internal static class OperationFormat
{
    /// <summary>The codec of a format. The numbers 1541 and 1542, from before OMA had its own, are plain text and TLV; 1543, the old JSON, has none here.</summary>
    public static ContentCodec? Find(ContentFormat format) => ContentCodecs.Find(format.Value switch
    {
        1541 => ContentFormat.Text,
        1542 => ContentFormat.Tlv,
        _ => format,
    });

    /// <summary>What several values travel in: TLV was all that 1.0 had, SenML came with 1.1.</summary>
    public static ContentFormat ForMany(Lwm2mVersion version) => version < Lwm2mVersion.V11 ? ContentFormat.Tlv : ContentFormat.SenmlCbor;

    /// <summary>The format to ask for. A resource that is not known may be multiple, and a format that tells types serves it best.</summary>
    public static ContentFormat ForRead(Lwm2mPath path, in OperationScope scope) =>
        SingleTarget(path, scope.Catalog) is { } resource ? ForOne(resource.Type) : ForMany(scope.Version);

    /// <summary>The format for these values.</summary>
    public static ContentFormat ForWrite(Lwm2mPath path, IReadOnlyList<Lwm2mRecord> records, in OperationScope scope) =>
        records is [{ Time: null } only] && only.Path == path && SingleTarget(path, scope.Catalog) is not null
            ? ForOne(only.Value.Kind)
            : ForMany(scope.Version);

    /// <summary>The format of an answer for which none was asked.</summary>
    public static ContentFormat ForAnswer(Lwm2mPath path, RecordSet records, in OperationScope scope) => ForWrite(path, records, scope);

    /// <summary>The definition of the one value that a path names: a single resource, or an instance of a multiple one. Null when it names more, or may.</summary>
    public static ResourceDefinition? SingleTarget(Lwm2mPath path, CatalogView catalog) =>
        catalog.FindResource(path) is { } resource && (path.Depth == 4 || !resource.IsMultiple) ? resource : null;

    /// <summary>Whether a path certainly names more than one value, so that no single-value format can carry it.</summary>
    public static bool IsMany(Lwm2mPath path, CatalogView catalog) =>
        path.Depth < 3 || (path.Depth == 3 && catalog.FindResource(path) is { IsMultiple: true });

    private static ContentFormat ForOne(ValueKind kind) => kind == ValueKind.Opaque ? ContentFormat.OctetStream : ContentFormat.Text;
}
