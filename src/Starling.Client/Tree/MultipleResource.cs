using System.Diagnostics.CodeAnalysis;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Stored values of a multiple resource, by the numbers of their resource instances.</summary>
public sealed class MultipleResource : Resource
{
    private readonly Lock _lock = new();
    private volatile SortedList<int, Lwm2mValue>? _values;   // null: there is no such resource. Never changed once it is here.
    private ResourceDefinition? _definition;

    internal MultipleResource(IEnumerable<KeyValuePair<int, Lwm2mValue>>? values) => _values = Copy(values);

    /// <summary>The values; null when there is no such resource now. Setting them tells observers.</summary>
    /// <exception cref="ArgumentException">A value is not of the resource's type, or a number is none.</exception>
    public IReadOnlyDictionary<int, Lwm2mValue>? Current
    {
        get => _values;
        set
        {
            WriteInstances(Copy(value));
            Changed();
        }
    }

    /// <summary>Sets one value, or takes it away with <see cref="Lwm2mValue.None"/>, and tells observers.</summary>
    /// <param name="resourceInstanceId">0 to 65534.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The value is not of the resource's type.</exception>
    public void Set(int resourceInstanceId, Lwm2mValue value)
    {
        lock (_lock)
        {
            var values = Copy(_values) ?? [];
            if (value.Kind == ValueKind.None)
            {
                values.Remove(resourceInstanceId);
            }
            else
            {
                values[resourceInstanceId] = value;
            }
            _values = Converted(values);
        }
        Changed();
    }

    internal override ResourceOperations Abilities => ResourceOperations.Read | ResourceOperations.Write;

    internal override bool IsMultiple => true;

    internal override bool IsRemovable => _definition is not { IsMandatory: true };

    internal override SortedList<int, Lwm2mValue>? ReadInstances() => _values;

    internal override void WriteInstances(SortedList<int, Lwm2mValue>? values)
    {
        lock (_lock)
        {
            _values = Converted(values);
        }
    }

    internal override void Attach(ObjectInstance instance, ResourceDefinition definition)
    {
        base.Attach(instance, definition);
        _definition = definition;
        WriteInstances(Copy(_values));
    }

    private SortedList<int, Lwm2mValue>? Converted(SortedList<int, Lwm2mValue>? values)
    {
        if (values is null)
        {
            return null;
        }
        foreach (var id in values.Keys)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(id, Lwm2mPath.MaxId);
        }
        for (var i = 0; _definition is not null && i < values.Count; i++)
        {
            values.SetValueAtIndex(i, Convert(values.GetValueAtIndex(i), _definition));
        }
        return values;
    }

    [return: NotNullIfNotNull(nameof(values))]
    internal static SortedList<int, Lwm2mValue>? Copy(IEnumerable<KeyValuePair<int, Lwm2mValue>>? values)
    {
        if (values is null)
        {
            return null;
        }
        var copy = new SortedList<int, Lwm2mValue>();
        foreach (var (id, value) in values)
        {
            copy[id] = value;
        }
        return copy;
    }
}
