using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// One resource of one object instance: a stored value, or delegates. What servers may do with it is what both its definition and its maker allow.
/// Delegates are called on pool threads, also at the same time; one that cannot do what is asked throws a <see cref="Lwm2mException"/>.
/// </summary>
public abstract class Resource
{
    private ObjectInstance? _instance;
    private int _id;

    private protected Resource() { }

    /// <summary>A stored value. Servers may write it when the definition says so.</summary>
    public static ValueResource Value(Lwm2mValue value) => new(value);

    /// <summary>A stored multiple resource: values by resource instance, or null for none. Servers may write it when the definition says so.</summary>
    public static MultipleResource Multiple(IEnumerable<KeyValuePair<int, Lwm2mValue>>? values) => new(values);

    /// <summary>A stored multiple resource whose instances count from 0.</summary>
    public static MultipleResource Multiple(params IEnumerable<Lwm2mValue> values) => new(values.Select((value, index) => KeyValuePair.Create(index, value)));

    /// <summary>A value that is asked for each time. <see cref="Lwm2mValue.None"/>: there is none now.</summary>
    public static Resource Read(Func<Lwm2mValue> read) => new DelegateResource(read, null);

    /// <summary>A value that is asked for each time, and that servers may set.</summary>
    public static Resource ReadWrite(Func<Lwm2mValue> read, Action<Lwm2mValue> write) => new DelegateResource(read, write);

    /// <summary>A value that servers may set and not read.</summary>
    public static Resource Write(Action<Lwm2mValue> write) => new DelegateResource(null, write);

    /// <summary>
    /// Bytes that servers may set and not read, taken block by block while they arrive in the format of octets. In one piece they come where they fit
    /// into one message, or where another format had to be assembled first.
    /// </summary>
    /// <param name="open">Begins to take a body; throws a <see cref="Lwm2mException"/> to refuse it.</param>
    /// <param name="write">Takes bytes in one piece. They are the resource's to keep.</param>
    public static Resource WriteBody(Func<ResourceBody> open, Action<ReadOnlyMemory<byte>> write) => new BodyResource(open, write);

    /// <summary>A multiple resource that is asked for each time. Null: there is none now.</summary>
    public static Resource ReadMultiple(Func<IReadOnlyDictionary<int, Lwm2mValue>?> read) => new MultipleDelegateResource(read, null);

    /// <summary>A multiple resource that is asked for each time; servers set all its instances at once.</summary>
    public static Resource ReadWriteMultiple(Func<IReadOnlyDictionary<int, Lwm2mValue>?> read, Action<IReadOnlyDictionary<int, Lwm2mValue>> write) =>
        new MultipleDelegateResource(read, write);

    /// <summary>
    /// Something that servers may execute. It gets the arguments as written (<c>0='U',1</c>; null for none); the server is answered when it has ended.
    /// </summary>
    public static Resource Execute(Func<string?, CancellationToken, Task> execute) => new ExecutableResource(execute);

    /// <summary>A stored value.</summary>
    public static implicit operator Resource(Lwm2mValue value) => Value(value);
    /// <summary>A stored text.</summary>
    public static implicit operator Resource(string value) => Value(value);
    /// <summary>A stored number.</summary>
    public static implicit operator Resource(long value) => Value(value);
    /// <summary>A stored number with a fraction.</summary>
    public static implicit operator Resource(double value) => Value(value);
    /// <summary>A stored truth.</summary>
    public static implicit operator Resource(bool value) => Value(value);

    /// <summary>Tells observers that the value is another one now. Cheap, and safe on any thread.</summary>
    public void Changed() => _instance?.Changed(_id);

    /// <summary>What its maker allows.</summary>
    internal abstract ResourceOperations Abilities { get; }

    /// <summary>Whether it has resource instances.</summary>
    internal virtual bool IsMultiple => false;

    /// <summary>The value of a single resource.</summary>
    internal virtual Lwm2mValue ReadValue() => throw new NotSupportedException();

    /// <summary>Sets the value of a single resource; <see cref="Lwm2mValue.None"/> takes it away.</summary>
    internal virtual void WriteValue(Lwm2mValue value) => throw new NotSupportedException();

    /// <summary>Whether the value may be taken away.</summary>
    internal virtual bool IsRemovable => false;

    /// <summary>The values of a multiple resource in order of their numbers; null when there is no such resource now. Not to be changed.</summary>
    internal virtual SortedList<int, Lwm2mValue>? ReadInstances() => throw new NotSupportedException();

    /// <summary>Sets all values of a multiple resource; null takes it away.</summary>
    internal virtual void WriteInstances(SortedList<int, Lwm2mValue>? values) => throw new NotSupportedException();

    /// <summary>Executes.</summary>
    internal virtual Task ExecuteAsync(string? arguments, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Belongs to this instance from now on. Stored values become those of the definition's type.</summary>
    internal virtual void Attach(ObjectInstance instance, ResourceDefinition definition)
    {
        if (_instance is not null && _instance != instance)
        {
            throw new InvalidOperationException($"The resource belongs to {_instance.Path} already.");
        }
        _instance = instance;
        _id = definition.Id;
    }

    /// <summary>The value in the type of the definition.</summary>
    /// <exception cref="ArgumentException">It cannot be said in that type.</exception>
    private protected static Lwm2mValue Convert(Lwm2mValue value, ResourceDefinition definition) =>
        value.Kind == ValueKind.None || definition.Type == ValueKind.None ? value
        : value.TryConvert(definition.Type, out var converted) ? converted
        : throw new ArgumentException($"{definition.Name} ({definition.Id}) is {definition.Type}; '{value}' is {value.Kind}.", nameof(value));
}
