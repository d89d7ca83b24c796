using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>The codecs of the formats that each operation may carry (LwM2M Transport 1.2 §6.4). Which one it does: <see cref="FormatChoice"/>.</summary>
internal static class OperationFormat
{
    /// <summary>
    /// The codec of a format for operations on one path. The numbers 1541 to 1543, from before OMA had its own, are plain text, TLV and LwM2M's JSON.
    /// </summary>
    public static ContentCodec? Find(ContentFormat format) => IsEtch(format) ? null : ContentCodecs.Find(format.Value switch
    {
        1541 => ContentFormat.Text,
        1542 => ContentFormat.Tlv,
        1543 => ContentFormat.Lwm2mJson,
        _ => format,
    });

    /// <summary>The codec of a format that a client takes and gives: LwM2M's JSON ended with 1.0 (LwM2M Core 1.2 §7.4).</summary>
    public static ContentCodec? FindForClient(ContentFormat format, Lwm2mVersion version) =>
        Find(format) is { } codec && (codec.Format != ContentFormat.Lwm2mJson || version < Lwm2mVersion.V11) ? codec : null;

    /// <summary>The codec of a format whose names stand for themselves: for answers to composites, and for Send.</summary>
    public static ContentCodec? FindNamed(ContentFormat format) =>
        format == ContentFormat.SenmlJson || format == ContentFormat.SenmlCbor || format == ContentFormat.Lwm2mCbor ? ContentCodecs.Find(format) : null;

    /// <summary>The codec of a format for Write-Composite.</summary>
    public static ContentCodec? FindPatch(ContentFormat format) => IsEtch(format) ? ContentCodecs.Find(format) : FindNamed(format);

    /// <summary>The codec of a format for a list of paths. A SenML pack without values is what a fetch pack is (RFC 8790 §3.1), so one codec serves both.</summary>
    public static ContentCodec? FindPaths(ContentFormat format) => format.Value switch
    {
        110 or 320 => ContentCodecs.Find(ContentFormat.SenmlEtchJson),
        112 or 322 => ContentCodecs.Find(ContentFormat.SenmlEtchCbor),
        _ => null,
    };

    /// <summary>The definition of the one value that a path names: a single resource, or an instance of a multiple one. Null when it names more, or may.</summary>
    public static ResourceDefinition? SingleTarget(Lwm2mPath path, CatalogView catalog) =>
        catalog.FindResource(path) is { } resource && (path.Depth == 4 || !resource.IsMultiple) ? resource : null;

    /// <summary>Whether a path certainly names more than one value, so that no single-value format can carry it.</summary>
    public static bool IsMany(Lwm2mPath path, CatalogView catalog) =>
        path.Depth < 3 || (path.Depth == 3 && catalog.FindResource(path) is { IsMultiple: true });

    private static bool IsEtch(ContentFormat format) => format == ContentFormat.SenmlEtchJson || format == ContentFormat.SenmlEtchCbor;
}
