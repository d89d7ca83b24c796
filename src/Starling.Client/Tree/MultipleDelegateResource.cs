using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>A multiple resource behind delegates.</summary>
internal sealed class MultipleDelegateResource(Func<IReadOnlyDictionary<int, Lwm2mValue>?> read, Action<IReadOnlyDictionary<int, Lwm2mValue>>? write) : Resource
{
    private ResourceDefinition? _definition;

    internal override ResourceOperations Abilities => write is null ? ResourceOperations.Read : ResourceOperations.Read | ResourceOperations.Write;

    internal override bool IsMultiple => true;

    internal override SortedList<int, Lwm2mValue>? ReadInstances()
    {
        var values = MultipleResource.Copy(read());
        for (var i = 0; i < (values?.Count ?? 0); i++)
        {
            values!.SetValueAtIndex(i, Convert(values.GetValueAtIndex(i), _definition!));
        }
        return values;
    }

    internal override void WriteInstances(SortedList<int, Lwm2mValue>? values) => write!(values ?? []);

    internal override void Attach(ObjectInstance instance, ResourceDefinition definition)
    {
        base.Attach(instance, definition);
        _definition = definition;
    }
}
