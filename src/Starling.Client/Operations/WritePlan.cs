using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// What a write will do. Everything is checked before anything is done; when the application refuses a value while it is done,
/// what was done before is undone.
/// </summary>
internal sealed class WritePlan(ObjectTree tree, int maxInstances)
{
    private readonly List<Step> _steps = [];

    /// <summary>Plans the values of one resource.</summary>
    /// <returns>Why it cannot be; null when it can.</returns>
    public Lwm2mResponse? Add(in ObjectInstance.Entry entry, Lwm2mPath path, IReadOnlyList<Lwm2mRecord> records, WriteMode mode) =>
        entry.Definition.IsMultiple ? AddMultiple(entry, path, records, mode) : AddSingle(entry, path, records);

    /// <summary>Plans to take away what a replacing write of a whole instance does not name, as far as it can be missing.</summary>
    public void RemoveOthers(ObjectInstance instance)
    {
        foreach (var entry in instance.Entries)
        {
            var resource = entry.Resource;
            if (entry.CanWrite && resource.IsRemovable && !_steps.Exists(s => s.Resource == resource))
            {
                _steps.Add(new Step(resource, Lwm2mValue.None, null));
            }
        }
    }

    /// <summary>Does it.</summary>
    public void Apply()
    {
        var done = new Stack<Step>(_steps.Count);
        try
        {
            foreach (var step in _steps)
            {
                var before = step.Before();
                step.Do();
                if (before is { } undo)
                {
                    done.Push(undo);
                }
            }
        }
        catch
        {
            while (done.TryPop(out var undo))
            {
                undo.Do();
            }
            throw;
        }
        foreach (var step in _steps)
        {
            step.Resource.Changed();
        }
    }

    private Lwm2mResponse? AddSingle(in ObjectInstance.Entry entry, Lwm2mPath path, IReadOnlyList<Lwm2mRecord> records)
    {
        if (records is not [var record] || record.Path != path)
        {
            return Refusal.BadRequest($"{path} takes one value");
        }
        if (Check(entry.Definition, record, out var value) is { } refusal)
        {
            return refusal;
        }
        _steps.Add(new Step(entry.Resource, value, null));
        return null;
    }

    private Lwm2mResponse? AddMultiple(in ObjectInstance.Entry entry, Lwm2mPath path, IReadOnlyList<Lwm2mRecord> records, WriteMode mode)
    {
        var values = mode == WriteMode.Replace || !entry.CanRead ? [] : MultipleResource.Copy(entry.Resource.ReadInstances()) ?? [];
        var told = new HashSet<int>();
        foreach (var record in records)
        {
            if (record.Path == path && record.Value.Kind == ValueKind.Empty && records.Count == 1)
            {
                break;
            }
            if (record.Path.Depth != 4 || !told.Add(record.Path.ResourceInstanceId))
            {
                return Refusal.BadRequest($"{path} takes values for its instances, each once");
            }
            if (mode == WriteMode.Patch && record.Value.Kind == ValueKind.Null)
            {
                if (!values.Remove(record.Path.ResourceInstanceId))
                {
                    return Refusal.NotFound(record.Path);
                }
                continue;
            }
            if (Check(entry.Definition, record, out var value) is { } refusal)
            {
                return refusal;
            }
            values[record.Path.ResourceInstanceId] = value;
        }
        if (mode == WriteMode.Patch && values.Count == 0 && entry.Definition.IsMandatory)
        {
            return Refusal.NotAllowed($"{path} would lose its last instance and is mandatory");
        }
        if (values.Count > maxInstances)
        {
            return Refusal.BadRequest($"{path} may have {maxInstances} instances at most");
        }
        _steps.Add(new Step(entry.Resource, default, values));
        return null;
    }

    private Lwm2mResponse? Check(ResourceDefinition definition, in Lwm2mRecord record, out Lwm2mValue value)
    {
        if (ValueRules.Check(definition, record.Value, out value) is { } reason)
        {
            return Refusal.BadRequest($"{record.Path} {reason}");
        }
        return definition.Type == ValueKind.ObjectLink && !Exists(value.AsObjectLink())
            ? Refusal.BadRequest($"{record.Path}: {value} is not there")
            : null;
    }

    // LwM2M Core 1.2 appendix C: a link names an object that is here, an instance that is here, or nothing.
    private bool Exists(ObjectLink link) =>
        link == ObjectLink.Null
        || (tree.FindObject(link.ObjectId) is { } found && (link.InstanceId == ushort.MaxValue || found.Find(link.InstanceId) is not null));

    /// <summary>One resource and what it becomes: a value, or values.</summary>
    private readonly record struct Step(Resource Resource, Lwm2mValue Value, SortedList<int, Lwm2mValue>? Values)
    {
        public void Do()
        {
            if (Resource.IsMultiple)
            {
                Resource.WriteInstances(Values);
            }
            else
            {
                Resource.WriteValue(Value);
            }
        }

        /// <summary>The step that brings back what is there now; null when that cannot be read.</summary>
        public Step? Before() =>
            !Resource.Abilities.HasFlag(ResourceOperations.Read) ? null
            : Resource.IsMultiple ? this with { Values = Resource.ReadInstances() }
            : this with { Value = Resource.ReadValue() };
    }
}
