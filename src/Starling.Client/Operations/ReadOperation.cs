using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Read (LwM2M Core 1.2 §6.3.1): of objects and instances, whatever in them is readable; 4.05 for a single resource that is not.</summary>
internal static class ReadOperation
{
    public static Lwm2mResponse Answer(ObjectTree tree, Lwm2mPath path)
    {
        if (!Target.TryFind(tree, path, out var target, out var refusal))
        {
            return refusal;
        }
        if (path.Depth >= 3 && !target.Entry.CanRead)
        {
            return Refusal.NotAllowed($"{path.Take(3)} is not readable");
        }
        var records = new RecordSet();
        switch (path.Depth)
        {
            case 1:
                foreach (var instance in target.Object.Instances)
                {
                    AddInstance(instance, records);
                }
                break;
            case 2:
                AddInstance(target.Instance!, records);
                break;
            default:
                AddResource(target.Entry, path.Take(3), path.ResourceInstanceId, records);
                if (records.Count == 0)
                {
                    return Refusal.NotFound(path);
                }
                break;
        }
        return new Lwm2mResponse(CoapCode.Content) { Records = records };
    }

    private static void AddInstance(ObjectInstance instance, RecordSet records)
    {
        var before = records.Count;
        foreach (var entry in instance.Entries)
        {
            if (entry.CanRead)
            {
                AddResource(entry, instance.Path.Append(entry.Definition.Id), -1, records);
            }
        }
        if (records.Count == before)
        {
            records.Add(instance.Path, Lwm2mValue.Empty);
        }
    }

    /// <summary>Adds one instance of a multiple resource, or all with −1. Adds nothing when there is no value.</summary>
    private static void AddResource(in ObjectInstance.Entry entry, Lwm2mPath path, int resourceInstanceId, RecordSet records)
    {
        if (!entry.Definition.IsMultiple)
        {
            var value = entry.Resource.ReadValue();
            if (value.Kind != ValueKind.None)
            {
                records.Add(path, value);
            }
            return;
        }
        var values = entry.Resource.ReadInstances();
        if (resourceInstanceId < 0 && values is { Count: 0 })
        {
            records.Add(path, Lwm2mValue.Empty);
        }
        foreach (var (id, value) in values ?? [])
        {
            if (resourceInstanceId < 0 || id == resourceInstanceId)
            {
                records.Add(path.Append(id), value);
            }
        }
    }
}
