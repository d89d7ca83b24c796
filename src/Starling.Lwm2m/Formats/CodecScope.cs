namespace Starling.Lwm2m;

/// <summary>What a codec must know besides the bytes.</summary>
/// <param name="BasePath">The path of the operation: what a TLV or a plain text is the value of. Names outside it are refused; <c>/</c> accepts all (formats with full names only).</param>
/// <param name="Catalog">The types of this device's resources.</param>
/// <param name="Root">The alternate path in front of names, as in <c>/lwm2m</c>; empty for none (LwM2M Core 1.2 §6.2.1).</param>
/// <param name="Now">The time that relative times count from.</param>
/// <param name="OmitInstance">
/// For <see cref="ContentCodec.Encode"/> of a Create that leaves the instance's number to the device: <paramref name="BasePath"/> is the object, the records
/// lie below its instance 0 as a stand-in, and the payload names no instance. SenML cannot say this: there <see cref="ContentCodec.CanEncode"/> is false.
/// <see cref="ContentCodec.Decode"/> does not look at it, it tells by <see cref="RecordSet.InstanceOmitted"/> what it found.
/// </param>
public readonly record struct CodecScope(
    Lwm2mPath BasePath, CatalogView Catalog, string Root = "", DateTimeOffset Now = default, bool OmitInstance = false);
