using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>A single value behind delegates.</summary>
internal sealed class DelegateResource(Func<Lwm2mValue>? read, Action<Lwm2mValue>? write) : Resource
{
    private ResourceDefinition? _definition;

    internal override ResourceOperations Abilities =>
        (read is null ? ResourceOperations.None : ResourceOperations.Read) | (write is null ? ResourceOperations.None : ResourceOperations.Write);

    internal override Lwm2mValue ReadValue() => read is null ? Lwm2mValue.None : Convert(read(), _definition!);

    internal override void WriteValue(Lwm2mValue value) => write!(value);

    internal override void Attach(ObjectInstance instance, ResourceDefinition definition)
    {
        base.Attach(instance, definition);
        _definition = definition;
    }
}
