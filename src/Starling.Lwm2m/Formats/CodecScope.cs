namespace Starling.Lwm2m;

/// <summary>What a codec must know besides the bytes.</summary>
/// <param name="BasePath">The path of the operation: what a TLV or a plain text is the value of.</param>
/// <param name="Catalog">The types of this device's resources.</param>
/// <param name="Root">The alternate path in front of names, as in <c>/lwm2m</c>; empty for none (LwM2M Core 1.2 §6.2.1).</param>
/// <param name="Now">The time that relative times count from.</param>
public readonly record struct CodecScope(Lwm2mPath BasePath, CatalogView Catalog, string Root = "", DateTimeOffset Now = default);
