using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Execute (LwM2M Core 1.2 §6.3.5).</summary>
internal static class ExecuteOperation
{
    public static async ValueTask<Lwm2mResponse> AnswerAsync(ServerView view, Lwm2mRequest.Execute request, CancellationToken cancel)
    {
        if (!Target.TryFind(view, request.Path, AccessRights.Execute, out var target, out var refusal))
        {
            return refusal;
        }
        if (request.Path.Depth != 3 || !target.Entry.CanExecute)
        {
            return Refusal.NotAllowed($"{request.Path} is not executable");
        }
        await target.Entry.Resource.ExecuteAsync(request.Arguments, cancel).ConfigureAwait(false);
        return new Lwm2mResponse(CoapCode.Changed);
    }
}
