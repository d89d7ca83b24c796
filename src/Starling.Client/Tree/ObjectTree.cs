using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The objects of a device. Safe on any thread: readers see the tree as it was at one moment.</summary>
public sealed class ObjectTree
{
    private readonly Lock _lock = new();
    private volatile TreeObject[] _objects = [];   // in order of their numbers; replaced as a whole

    /// <summary>Makes a tree of instances.</summary>
    /// <exception cref="ArgumentException">An instance is there twice.</exception>
    public ObjectTree(IEnumerable<ObjectInstance> instances)
    {
        ArgumentNullException.ThrowIfNull(instances);
        foreach (var instance in instances)
        {
            Add(instance);
        }
    }

    /// <summary>Every instance in order.</summary>
    public IEnumerable<ObjectInstance> Instances => _objects.SelectMany(o => o.Instances);

    /// <summary>An instance; null when it is not there.</summary>
    public ObjectInstance? Find(int objectId, int instanceId) => FindObject(objectId)?.Find(instanceId);

    /// <summary>Adds an instance; servers are told.</summary>
    /// <exception cref="ArgumentException">It is there already, or the object is there in another version.</exception>
    public void Add(ObjectInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        lock (_lock)
        {
            var present = FindObject(instance.Definition.Id) ?? new TreeObject(instance.Definition);
            if (present.Find(instance.Id) is not null)
            {
                throw new ArgumentException($"{instance.Path} is there already.", nameof(instance));
            }
            if (present.Definition.Version != instance.Definition.Version)
            {
                throw new ArgumentException($"Object {instance.Definition.Id} is there in version {present.Definition.Version}.", nameof(instance));
            }
            instance.Tree = this;
            Replace(present with { Instances = [.. present.Instances.Append(instance).OrderBy(i => i.Id)] });
        }
        OnStructureChanged(instance.Path);
    }

    /// <summary>Takes an instance away; servers are told.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(ObjectInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        lock (_lock)
        {
            if (FindObject(instance.Definition.Id) is not { } present || present.Find(instance.Id) != instance)
            {
                return false;
            }
            var rest = present with { Instances = [.. present.Instances.Where(i => i != instance)] };
            _objects = rest.Instances.Length == 0 && rest.Creation is null ? [.. _objects.Where(o => o.Id != rest.Id)] : Replaced(rest);
            instance.Tree = null;
        }
        OnStructureChanged(instance.Path);
        return true;
    }

    /// <summary>Lets servers create and delete instances of an object, which is announced even while it has none.</summary>
    /// <param name="definition">The object.</param>
    /// <param name="creation">How.</param>
    public void Allow(ObjectDefinition definition, InstanceCreation creation)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(creation);
        lock (_lock)
        {
            Replace((FindObject(definition.Id) ?? new TreeObject(definition)) with { Creation = creation });
        }
        OnStructureChanged(new Lwm2mPath(definition.Id));
    }

    /// <summary>The objects in order of their numbers, at this moment.</summary>
    internal TreeObject[] Objects => _objects;

    /// <summary>A resource has another value. It is called on any thread and must be quick.</summary>
    internal Action<Lwm2mPath>? ValueChanged { get; set; }

    /// <summary>An instance came or went, or an object was announced. It is called on any thread and must be quick.</summary>
    internal Action<Lwm2mPath>? StructureChanged { get; set; }

    internal TreeObject? FindObject(int objectId)
    {
        foreach (var candidate in _objects)
        {
            if (candidate.Id == objectId)
            {
                return candidate;
            }
        }
        return null;
    }

    internal void OnValueChanged(Lwm2mPath path) => ValueChanged?.Invoke(path);

    private void OnStructureChanged(Lwm2mPath path) => StructureChanged?.Invoke(path);

    private void Replace(TreeObject changed) => _objects = Replaced(changed);

    private TreeObject[] Replaced(TreeObject changed) => [.. _objects.Where(o => o.Id != changed.Id).Append(changed).OrderBy(o => o.Id)];
}
