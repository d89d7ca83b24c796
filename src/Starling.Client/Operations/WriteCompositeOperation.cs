using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Write-Composite (LwM2M Core 1.2 §6.3.9): resources and their instances in whichever object instances there are, all of them or none.</summary>
internal static class WriteCompositeOperation
{
    /// <param name="view">What is written to.</param>
    /// <param name="request">What is asked for; null takes an instance of a resource away.</param>
    /// <param name="maxInstances">How many instances a resource may have.</param>
    public static Lwm2mResponse Answer(in ServerView view, Lwm2mRequest.WriteComposite request, int maxInstances)
    {
        var plan = new WritePlan(view.Tree, maxInstances);
        foreach (var group in request.Records.GroupBy(r => r.Path.Take(3)))
        {
            if (!Target.TryFind(view, group.First().Path, AccessRights.Write, out var target, out var refusal))
            {
                return refusal;
            }
            if (group.Key.Depth < 3 || !target.Entry.CanWrite)
            {
                return Refusal.NotAllowed($"{group.Key} is not writable");
            }
            if (plan.Add(target.Entry, group.Key, [.. group], WriteMode.Patch) is { } unfit)
            {
                return unfit;
            }
        }
        plan.Apply();
        return new Lwm2mResponse(CoapCode.Changed);
    }
}
