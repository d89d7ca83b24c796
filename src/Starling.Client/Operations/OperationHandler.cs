using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Does what servers ask of the tree, and answers. What changes the tree is done one after the other.</summary>
internal sealed class OperationHandler(ObjectTree tree, ClientSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1);

    /// <param name="request">What is asked for.</param>
    /// <param name="attributes">What the asking server has attached.</param>
    /// <param name="version">What is spoken with it.</param>
    /// <param name="cancel">Ends what the application executes.</param>
    public async ValueTask<Lwm2mResponse> AnswerAsync(
        Lwm2mRequest request, ServerAttributes attributes, Lwm2mVersion version, CancellationToken cancel) => request switch
        {
            Lwm2mRequest.Read r => ReadOperation.Answer(tree, r.Path),
            Lwm2mRequest.CancelObserve r => ReadOperation.Answer(tree, r.Path),
            Lwm2mRequest.Discover r => DiscoverOperation.Answer(tree, r.Path, attributes, version),
            Lwm2mRequest.WriteAttributes r => attributes.Write(tree, r),
            Lwm2mRequest.Execute r => await ExecuteOperation.AnswerAsync(tree, r, cancel).ConfigureAwait(false),
            _ => await ChangeAsync(request, cancel).ConfigureAwait(false),
        };

    public void Dispose() => _changing.Dispose();

    private async ValueTask<Lwm2mResponse> ChangeAsync(Lwm2mRequest request, CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return request switch
            {
                Lwm2mRequest.Write r => WriteOperation.Answer(tree, r, settings.ResourceInstances),
                Lwm2mRequest.Create r => CreateOperation.Answer(tree, r, settings.ResourceInstances),
                Lwm2mRequest.Delete r => DeleteOperation.Answer(tree, r.Path),
                _ => Refusal.NotAllowed($"{request.GetType().Name} is not supported"),
            };
        }
        finally
        {
            _changing.Release();
        }
    }
}
