using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The last value of one resource of one device; a null value is one that is not known any more.</summary>
internal readonly record struct KeptValue(DeviceKey Device, Lwm2mPath Path, LastValue? Value);
