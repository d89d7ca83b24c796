namespace Starling.Lwm2m;

/// <summary>What the operation codecs must know of the device that is spoken to.</summary>
/// <param name="Catalog">Its objects in their versions.</param>
/// <param name="Version">The enabler version that it registered with.</param>
/// <param name="Root">Its alternate path, as in <c>/lwm2m</c>; empty for none.</param>
/// <param name="Now">The time that relative times count from.</param>
/// <param name="MaxPaths">How many paths the body of a composite may name; a request with more is refused.</param>
public readonly record struct OperationScope(
    CatalogView Catalog, Lwm2mVersion Version, string Root = "", DateTimeOffset Now = default, int MaxPaths = OperationCodec.UsualMaxPaths)
{
    private readonly PeerFormats? _formats;

    /// <summary>The formats that the device is known to speak. A client's own scope has none.</summary>
    public PeerFormats Formats
    {
        get => _formats ?? PeerFormats.Unknown;
        init => _formats = value;
    }
}
