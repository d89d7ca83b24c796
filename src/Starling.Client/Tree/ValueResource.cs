using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>A stored single value.</summary>
public sealed class ValueResource : Resource
{
    private volatile Cell _cell;
    private ResourceDefinition? _definition;

    internal ValueResource(Lwm2mValue value) => _cell = new Cell(value);

    /// <summary>What the definition does not rule out and makes no sense all the same: why a value may not be written; null when it may.</summary>
    internal Func<Lwm2mValue, string?> Refuse { get; init; } = static _ => null;

    /// <summary>The value; <see cref="Lwm2mValue.None"/> when there is none. Setting it tells observers.</summary>
    /// <exception cref="ArgumentException">The value is not of the resource's type.</exception>
    public Lwm2mValue Current
    {
        get => _cell.Value;
        set
        {
            WriteValue(value);
            Changed();
        }
    }

    internal override ResourceOperations Abilities => ResourceOperations.Read | ResourceOperations.Write;

    internal override bool IsRemovable => _definition is not { IsMandatory: true };

    internal override Lwm2mValue ReadValue() => _cell.Value;

    internal override void WriteValue(Lwm2mValue value)
    {
        var fitting = _definition is null ? value : Convert(value, _definition);
        _cell = Refuse(fitting) is { } reason ? throw new Lwm2mException(CoapCode.BadRequest, $"{_definition?.Name} {reason}") : new Cell(fitting);
    }

    internal override void Attach(ObjectInstance instance, ResourceDefinition definition)
    {
        base.Attach(instance, definition);
        _definition = definition;
        WriteValue(_cell.Value);
    }

    // A value is four words: readers on other threads must see all of one or all of the other.
    private sealed class Cell(Lwm2mValue value)
    {
        public readonly Lwm2mValue Value = value;
    }
}
