using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>What a path names in a tree: an object, and below it an instance and a resource as far as the path goes.</summary>
internal readonly record struct Target(Lwm2mPath Path, TreeObject Object, ObjectInstance? Instance, ObjectInstance.Entry Entry)
{
    /// <summary>
    /// Finds what a path names. Whether a value is there, and a resource instance, only reading tells. The right is asked for before anything
    /// is said about what the instance has (LwM2M Core 1.2 §8.2); what an object as a whole needs, each operation knows.
    /// </summary>
    public static bool TryFind(
        in ServerView view, Lwm2mPath path, AccessRights right, out Target target, [NotNullWhen(false)] out Lwm2mResponse? refusal)
    {
        refusal = Check(view, path, right, out target);
        return refusal is null;
    }

    /// <summary>Whether servers have no access at all: the objects that hold keys (LwM2M Core 1.2 §8.2).</summary>
    public static bool IsSecret(int objectId) => objectId is 0 or 21 or 23;

    /// <summary>Whether a request goes to such an object: then nothing else about it matters.</summary>
    public static bool IsSecret(CoapMessage request) =>
        request.Options.TryGet(OptionNumber.UriPath, out var first) && Utf8Parser.TryParse(first, out ushort objectId, out var read)
        && read == first.Length && IsSecret(objectId);

    private static Lwm2mResponse? Check(in ServerView view, Lwm2mPath path, AccessRights right, out Target target)
    {
        target = default;
        if (path.IsRoot)
        {
            return Refusal.NotAllowed("/ is no object");
        }
        if (IsSecret(path.ObjectId))
        {
            return Refusal.Unauthorized(path);
        }
        if (view.Tree.FindObject(path.ObjectId) is not { } found)
        {
            return Refusal.NotFound(path.Take(1));
        }
        target = new Target(path, found, null, default);
        if (path.Depth == 1)
        {
            return null;
        }
        if (found.Find(path.InstanceId) is not { } instance)
        {
            return Refusal.NotFound(path.Take(2));
        }
        if (!view.Allows(path.Take(2), right))
        {
            return Refusal.Denied(path);
        }
        target = target with { Instance = instance };
        if (path.Depth == 2)
        {
            return null;
        }
        if (!instance.TryFind(path.ResourceId, out var entry))
        {
            return Refusal.NotFound(path.Take(3));
        }
        target = target with { Entry = entry };
        return path.Depth == 4 && !entry.Definition.IsMultiple ? Refusal.NotAllowed($"{path.Parent} has no instances") : null;
    }
}
