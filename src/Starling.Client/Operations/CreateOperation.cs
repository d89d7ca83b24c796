using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Create (LwM2M Core 1.2 §6.3.6): the instance appears complete or not at all.</summary>
internal static class CreateOperation
{
    /// <param name="view">Where the instance will be.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="maxInstances">How many instances a resource may have.</param>
    public static Lwm2mResponse Answer(in ServerView view, Lwm2mRequest.Create request, int maxInstances)
    {
        var tree = view.Tree;
        if (!Target.TryFind(view, request.Path, AccessRights.Create, out var target, out var refusal))
        {
            return refusal;
        }
        if (!view.Allows(request.Path.Take(1), AccessRights.Create))
        {
            return Refusal.Denied(request.Path);
        }
        if (request.Path.Depth != 1 || target.Object.Creation is not { } creation)
        {
            return Refusal.NotAllowed($"servers do not create instances of {request.Path}");
        }
        var id = request.Instance ?? target.Object.FreeId();
        if (CheckId(target.Object, id, creation) is { } reason)
        {
            return reason;
        }
        var instance = creation.Create(id);
        if (instance.Path != request.Path.Append(id))
        {
            throw new InvalidOperationException($"{request.Path.Append(id)} was to be created, and {instance.Path} was made.");
        }
        Complete(instance);
        refusal = Fill(tree, instance, request.Records, maxInstances) ?? CheckMandatory(instance);
        if (refusal is not null)
        {
            return refusal;
        }
        view.Access?.Own(instance.Path, view.ShortServerId);
        tree.Add(instance);
        return new Lwm2mResponse(CoapCode.Created) { Created = instance.Path };
    }

    private static Lwm2mResponse? CheckId(TreeObject parent, int id, InstanceCreation creation)
    {
        if (parent.Find(id) is not null)
        {
            return Refusal.BadRequest($"/{parent.Id}/{id} is there already");
        }
        if (id > Lwm2mPath.MaxId || (id != 0 && !parent.Definition.IsMultiple))
        {
            return Refusal.BadRequest($"/{parent.Id} cannot have an instance {id}");
        }
        return parent.Instances.Length >= creation.MaxInstances ? Refusal.NotAllowed($"/{parent.Id} has all the instances it can have") : null;
    }

    // The records may stand below instance 0 where the request left the number open. What is not writable, or not known, is left aside.
    private static Lwm2mResponse? Fill(ObjectTree tree, ObjectInstance instance, IReadOnlyList<Lwm2mRecord> records, int maxInstances)
    {
        var plan = new WritePlan(tree, maxInstances);
        foreach (var group in records.Where(r => r.Path.Depth >= 3).Select(r => r with { Path = Below(instance.Path, r.Path) }).GroupBy(r => r.Path.ResourceId))
        {
            if (instance.TryFind(group.Key, out var entry) && entry.CanWrite
                && plan.Add(entry, instance.Path.Append(group.Key), [.. group], WriteMode.Replace) is { } refusal)
            {
                return refusal;
            }
        }
        plan.Apply();
        return null;
    }

    // What every instance has and the application left out begins with a value that fits (§6.3.6). One that it put there without a value is the server's to give.
    private static void Complete(ObjectInstance instance)
    {
        foreach (var definition in instance.Definition.Resources)
        {
            if (definition.IsMandatory && definition.Type != ValueKind.None && instance.Find(definition.Id) is null)
            {
                instance[definition.Id] = SimulatedObject.Begin(definition, instance.Path, executed: null);
            }
        }
    }

    private static Lwm2mPath Below(Lwm2mPath instance, Lwm2mPath path)
    {
        var resource = instance.Append(path.ResourceId);
        return path.Depth == 4 ? resource.Append(path.ResourceInstanceId) : resource;
    }

    private static Lwm2mResponse? CheckMandatory(ObjectInstance instance)
    {
        foreach (var definition in instance.Definition.Resources)
        {
            if (definition.IsMandatory && !HasValue(instance, definition))
            {
                return Refusal.BadRequest($"{instance.Path}/{definition.Id} is mandatory");
            }
        }
        return null;
    }

    private static bool HasValue(ObjectInstance instance, ResourceDefinition definition) =>
        instance.TryFind(definition.Id, out var entry)
        && (!entry.Resource.Abilities.HasFlag(ResourceOperations.Read)
            || (definition.IsMultiple ? entry.Resource.ReadInstances() is not null : entry.Resource.ReadValue().Kind != ValueKind.None));
}
