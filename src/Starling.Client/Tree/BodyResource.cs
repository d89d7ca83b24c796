using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>A resource that takes bytes while they arrive, or in one piece.</summary>
internal sealed class BodyResource(Func<ResourceBody> open, Action<ReadOnlyMemory<byte>> write) : Resource
{
    internal override ResourceOperations Abilities => ResourceOperations.Write;

    /// <summary>Begins to take a body by blocks.</summary>
    internal ResourceBody Open() => open();

    internal override void WriteValue(Lwm2mValue value) => write(value.AsOpaque());
}
