using System.Diagnostics.CodeAnalysis;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// An instance of an object: a table of resources. Safe on any thread.
/// </summary>
/// <example><code>
/// var device = new ObjectInstance(catalog.Find(3), 0)
/// {
///     [0] = "Acme",
///     [9] = Resource.Read(() => battery.Percent),
///     [4] = Resource.Execute((arguments, cancel) => RebootAsync(cancel)),
/// };
/// </code></example>
public sealed class ObjectInstance
{
    private readonly Lock _lock = new();
    private volatile Entry[] _entries = [];   // in order of their numbers; replaced as a whole

    /// <summary>Makes an instance without resources.</summary>
    /// <param name="definition">The object's definition; its version is the one that is registered.</param>
    /// <param name="id">The instance's number, 0 to 65534; 0 where the object has one instance only.</param>
    /// <exception cref="ArgumentNullException">There is no definition: the catalog does not know the object.</exception>
    public ObjectInstance([NotNull] ObjectDefinition? definition, int id)
    {
        ArgumentNullException.ThrowIfNull(definition);
        Definition = definition;
        Path = new Lwm2mPath(definition.Id, id);
        if (id != 0 && !definition.IsMultiple)
        {
            throw new ArgumentOutOfRangeException(nameof(id), id, $"{definition.Name} ({definition.Id}) has one instance, number 0.");
        }
    }

    /// <summary>
    /// An instance that needs no code: it keeps what is written and begins with values that fit each resource's type and range.
    /// </summary>
    /// <param name="definition">The object's definition.</param>
    /// <param name="id">The instance's number.</param>
    /// <param name="executed">Told what was executed, and its arguments. Nothing else happens then.</param>
    public static ObjectInstance Simulated([NotNull] ObjectDefinition? definition, int id, Action<Lwm2mPath, string?>? executed = null) =>
        SimulatedObject.Create(definition, id, executed);

    /// <summary>The object's definition.</summary>
    public ObjectDefinition Definition { get; }

    /// <summary>The path, <c>/3/0</c>.</summary>
    public Lwm2mPath Path { get; }

    /// <summary>The instance's number.</summary>
    public int Id => Path.InstanceId;

    /// <summary>The resource of this number.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="ArgumentException">The definition has none of this number, or one of another shape.</exception>
    public Resource this[int resourceId]
    {
        get => Find(resourceId) ?? throw new KeyNotFoundException($"{Path} has no resource {resourceId}.");
        set => Put(resourceId, value);
    }

    /// <summary>The resource of this number; null when there is none.</summary>
    public Resource? Find(int resourceId)
    {
        foreach (var entry in _entries)
        {
            if (entry.Definition.Id == resourceId)
            {
                return entry.Resource;
            }
        }
        return null;
    }

    /// <summary>The value of a single resource; <see cref="Lwm2mValue.None"/> when there is none.</summary>
    public Lwm2mValue Get(int resourceId) => Find(resourceId) is { IsMultiple: false } resource && resource.Abilities.HasFlag(ResourceOperations.Read)
        ? resource.ReadValue()
        : Lwm2mValue.None;

    /// <summary>Sets a stored single value and tells observers.</summary>
    /// <exception cref="InvalidOperationException">The resource is not a stored single value.</exception>
    /// <exception cref="ArgumentException">The value is not of the resource's type.</exception>
    public void Set(int resourceId, Lwm2mValue value)
    {
        if (this[resourceId] is not ValueResource stored)
        {
            throw new InvalidOperationException($"{Path}/{resourceId} is not a stored single value.");
        }
        stored.Current = value;
    }

    /// <summary>Adds every readable or writable resource of the definition that is not here yet, without a value: what is set later appears then.</summary>
    internal void AddAbsent()
    {
        foreach (var definition in Definition.Resources)
        {
            if (Find(definition.Id) is null && !definition.Operations.HasFlag(ResourceOperations.Execute))
            {
                Put(definition.Id, definition.IsMultiple ? Resource.Multiple((IEnumerable<KeyValuePair<int, Lwm2mValue>>?)null) : Resource.Value(Lwm2mValue.None));
            }
        }
    }

    /// <summary>Tells observers that a resource has another value now. Cheap, and safe on any thread.</summary>
    public void Changed(int resourceId) => Tree?.OnValueChanged(Path.Append(resourceId));

    /// <summary>The resources in order of their numbers.</summary>
    internal ReadOnlySpan<Entry> Entries => _entries;

    /// <summary>The tree that it is in; null when it is in none.</summary>
    internal ObjectTree? Tree { get; set; }

    private void Put(int resourceId, Resource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var definition = Definition.Find(resourceId)
            ?? throw new ArgumentException($"{Definition.Name} ({Definition.Id}) has no resource {resourceId}.", nameof(resourceId));
        if (resource.IsMultiple != definition.IsMultiple)
        {
            throw new ArgumentException($"{definition.Name} ({resourceId}) is a {(definition.IsMultiple ? "multiple" : "single")} resource.", nameof(resource));
        }
        if (resource.Abilities.HasFlag(ResourceOperations.Execute) != definition.Operations.HasFlag(ResourceOperations.Execute))
        {
            throw new ArgumentException($"{definition.Name} ({resourceId}) is {(resource is ExecutableResource ? "not " : "")}to be executed.", nameof(resource));
        }
        resource.Attach(this, definition);
        lock (_lock)
        {
            _entries = [.. _entries.Where(e => e.Definition.Id != resourceId).Append(new Entry(definition, resource)).OrderBy(e => e.Definition.Id)];
        }
        Changed(resourceId);
    }

    /// <summary>A resource and what its definition says.</summary>
    internal readonly record struct Entry(ResourceDefinition Definition, Resource Resource)
    {
        /// <summary>What servers may do.</summary>
        public ResourceOperations Operations => Definition.Operations & Resource.Abilities;
        public bool CanRead => Operations.HasFlag(ResourceOperations.Read);
        public bool CanWrite => Operations.HasFlag(ResourceOperations.Write);
        public bool CanExecute => Operations.HasFlag(ResourceOperations.Execute);
    }

    /// <summary>The entry of this number.</summary>
    internal bool TryFind(int resourceId, out Entry entry)
    {
        foreach (var candidate in _entries)
        {
            if (candidate.Definition.Id == resourceId)
            {
                entry = candidate;
                return true;
            }
        }
        entry = default;
        return false;
    }
}
