using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// Read (LwM2M Core 1.2 §6.3.1): of objects and instances, whatever in them is readable; 4.05 for a single resource that is not.
/// Read-Composite (§6.3.8): of all that is listed, what there is to read.
/// </summary>
internal static class ReadOperation
{
    /// <summary>Answers Read.</summary>
    public static Lwm2mResponse Answer(in ServerView view, Lwm2mPath path)
    {
        if (!Target.TryFind(view, path, AccessRights.Read, out var target, out var refusal))
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
            case 1 when !AddObject(view, target.Object, records):
                return Refusal.Denied(path);
            case 1:
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

    /// <summary>Answers Read-Composite.</summary>
    public static Lwm2mResponse AnswerComposite(ServerView view, IReadOnlyList<Lwm2mPath> paths) => Combine(paths, [.. paths.Select(p => AnswerPart(view, p))]);

    /// <summary>Answers one path of a Read-Composite, where / is everything.</summary>
    public static Lwm2mResponse AnswerPart(in ServerView view, Lwm2mPath path)
    {
        if (!path.IsRoot)
        {
            return Answer(view, path);
        }
        var (records, isDenied) = (new RecordSet(), false);
        foreach (var each in view.Tree.Objects)
        {
            isDenied |= !Target.IsSecret(each.Id) && !AddObject(view, each, records);
        }
        return isDenied && records.Count == 0 ? Refusal.Denied(path) : new Lwm2mResponse(CoapCode.Content) { Records = records };
    }

    /// <summary>
    /// Makes one answer of many: each value once, and what cannot be read is left out. It is refused when a right is missing for all there would be,
    /// and when an object is named that is not for servers.
    /// </summary>
    public static Lwm2mResponse Combine(IReadOnlyList<Lwm2mPath> paths, IReadOnlyList<Lwm2mResponse> parts)
    {
        var (records, told, isDenied) = (new RecordSet(), new HashSet<Lwm2mPath>(), false);
        for (var i = 0; i < paths.Count; i++)
        {
            if (!paths[i].IsRoot && Target.IsSecret(paths[i].ObjectId))
            {
                return parts[i];
            }
            isDenied |= parts[i].Code == CoapCode.Unauthorized;
            foreach (var record in parts[i].Records)
            {
                if (record.Value.Kind != ValueKind.Empty && told.Add(record.Path))
                {
                    records.Add(record);
                }
            }
        }
        return isDenied && records.Count == 0 ? Refusal.Denied(Lwm2mPath.Root) : new Lwm2mResponse(CoapCode.Content) { Records = records };
    }

    /// <summary>Adds the instances that the server may read.</summary>
    /// <returns>False when there are some and it may read none.</returns>
    private static bool AddObject(in ServerView view, TreeObject each, RecordSet records)
    {
        var isDenied = false;
        foreach (var instance in each.Instances)
        {
            if (view.Allows(instance.Path, AccessRights.Read))
            {
                AddInstance(instance, records);
            }
            else
            {
                isDenied = true;
            }
        }
        return !isDenied || records.Count > 0;
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
