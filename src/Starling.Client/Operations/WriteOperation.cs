using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Write (LwM2M Core 1.2 §6.3.3): Replace and Partial Update, done as a whole or not at all.</summary>
internal static class WriteOperation
{
    /// <param name="view">What is written to.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="maxInstances">How many instances a resource may have.</param>
    public static Lwm2mResponse Answer(in ServerView view, Lwm2mRequest.Write request, int maxInstances)
    {
        if (!Target.TryFind(view, request.Path, AccessRights.Write, out var target, out var refusal))
        {
            return refusal;
        }
        if (request.Path.Depth == 1)
        {
            return Refusal.NotAllowed("objects are not written as a whole");
        }
        var plan = new WritePlan(view.Tree, maxInstances);
        refusal = request.Path.Depth switch
        {
            2 => PlanInstance(plan, target.Instance!, request),
            3 => PlanResource(plan, target, request),
            _ => PlanResourceInstance(plan, target, request),
        };
        if (refusal is not null)
        {
            return refusal;
        }
        plan.Apply();
        return new Lwm2mResponse(CoapCode.Changed);
    }

    // Resources that are not known here are left aside; one that is not writable refuses the whole.
    private static Lwm2mResponse? PlanInstance(WritePlan plan, ObjectInstance instance, Lwm2mRequest.Write request)
    {
        foreach (var group in request.Records.Where(r => r.Path.Depth >= 3).GroupBy(r => r.Path.ResourceId))
        {
            if (!instance.TryFind(group.Key, out var entry))
            {
                continue;
            }
            if (!entry.CanWrite)
            {
                return Refusal.NotAllowed($"{instance.Path}/{group.Key} is not writable");
            }
            if (plan.Add(entry, instance.Path.Append(group.Key), [.. group], Mode(request)) is { } refusal)
            {
                return refusal;
            }
        }
        if (request.Replace)
        {
            plan.RemoveOthers(instance);
        }
        return null;
    }

    private static Lwm2mResponse? PlanResource(WritePlan plan, in Target target, Lwm2mRequest.Write request) =>
        !target.Entry.CanWrite ? Refusal.NotAllowed($"{request.Path} is not writable")
        : plan.Add(target.Entry, request.Path, request.Records, Mode(request));

    private static WriteMode Mode(Lwm2mRequest.Write request) => request.Replace ? WriteMode.Replace : WriteMode.Update;

    // PUT on an instance of a resource changes it; only a write of the resource makes new ones.
    private static Lwm2mResponse? PlanResourceInstance(WritePlan plan, in Target target, Lwm2mRequest.Write request)
    {
        if (!target.Entry.CanWrite)
        {
            return Refusal.NotAllowed($"{request.Path.Parent} is not writable");
        }
        var isThere = target.Entry.CanRead && target.Entry.Resource.ReadInstances()?.ContainsKey(request.Path.ResourceInstanceId) == true;
        return isThere
            ? plan.Add(target.Entry, request.Path.Parent, request.Records, WriteMode.Update)
            : Refusal.NotFound(request.Path);
    }
}
