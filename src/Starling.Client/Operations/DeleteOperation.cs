using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Delete (LwM2M Core 1.2 §6.3.7) of an instance or, since 1.1, of an instance of a resource.</summary>
internal static class DeleteOperation
{
    public static Lwm2mResponse Answer(in ServerView view, Lwm2mPath path)
    {
        // An instance of a resource is changed, not the instance deleted.
        var right = path.IsResourceInstance ? AccessRights.Write : AccessRights.Delete;
        if (!Target.TryFind(view, path, right, out var target, out var refusal))
        {
            return refusal;
        }
        return path.Depth switch
        {
            2 => DeleteInstance(view.Tree, target),
            4 => DeleteResourceInstance(target),
            _ => Refusal.NotAllowed("only instances and instances of resources are deleted"),
        };
    }

    private static Lwm2mResponse DeleteInstance(ObjectTree tree, in Target target)
    {
        if (target.Object.Creation is not { } creation || (target.Object.Definition.IsMandatory && target.Object.Instances.Length == 1))
        {
            return Refusal.NotAllowed($"{target.Path} is not for servers to delete");
        }
        creation.Deleting?.Invoke(target.Instance!);
        if (!tree.Remove(target.Instance!))
        {
            return Refusal.NotFound(target.Path);
        }
        creation.Deleted?.Invoke(target.Instance!);
        return new Lwm2mResponse(CoapCode.Deleted);
    }

    private static Lwm2mResponse DeleteResourceInstance(in Target target)
    {
        var (entry, path) = (target.Entry, target.Path);
        if (!entry.CanWrite || !entry.CanRead)
        {
            return Refusal.NotAllowed($"{path.Parent} is not writable");
        }
        var values = MultipleResource.Copy(entry.Resource.ReadInstances());
        if (values is null || !values.Remove(path.ResourceInstanceId))
        {
            return Refusal.NotFound(path);
        }
        if (values.Count == 0 && entry.Definition.IsMandatory)
        {
            return Refusal.NotAllowed($"{path} is the last instance of a mandatory resource");
        }
        entry.Resource.WriteInstances(values);
        entry.Resource.Changed();
        return new Lwm2mResponse(CoapCode.Deleted);
    }
}
