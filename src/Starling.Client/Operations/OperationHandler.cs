using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Does what servers ask of the tree, as far as they may, and answers. What changes the tree is done one after the other.</summary>
internal sealed class OperationHandler(ClientSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _changing = new(1);

    /// <param name="request">What is asked for.</param>
    /// <param name="view">What the asking server may use.</param>
    /// <param name="attributes">What the asking server has attached.</param>
    /// <param name="version">What is spoken with it.</param>
    /// <param name="cancel">Ends what the application executes.</param>
    public async ValueTask<Lwm2mResponse> AnswerAsync(
        Lwm2mRequest request, ServerView view, ServerAttributes attributes, Lwm2mVersion version, CancellationToken cancel) => request switch
        {
            Lwm2mRequest.Read r => ReadOperation.Answer(view, r.Path),
            Lwm2mRequest.CancelObserve r => ReadOperation.Answer(view, r.Path),
            Lwm2mRequest.ReadComposite r => ReadOperation.AnswerComposite(view, r.Paths),
            Lwm2mRequest.CancelObserveComposite r => ReadOperation.AnswerComposite(view, r.Paths),
            Lwm2mRequest.Discover r => DiscoverOperation.Answer(view.Tree, r.Path, r.Depth, attributes, version),
            Lwm2mRequest.WriteAttributes r => attributes.Write(view, r),
            Lwm2mRequest.Execute r => await ExecuteOperation.AnswerAsync(view, r, cancel).ConfigureAwait(false),
            _ => await ChangeAsync(request, view, cancel).ConfigureAwait(false),
        };

    public void Dispose() => _changing.Dispose();

    private async ValueTask<Lwm2mResponse> ChangeAsync(Lwm2mRequest request, ServerView view, CancellationToken cancel)
    {
        await _changing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return request switch
            {
                Lwm2mRequest.Write r => WriteOperation.Answer(view, r, settings.ResourceInstances),
                Lwm2mRequest.WriteComposite r => WriteCompositeOperation.Answer(view, r, settings.ResourceInstances),
                Lwm2mRequest.Create r => CreateOperation.Answer(view, r, settings.ResourceInstances),
                Lwm2mRequest.Delete r => DeleteOperation.Answer(view, r.Path),
                _ => Refusal.NotAllowed($"{request.GetType().Name} is not supported"),
            };
        }
        finally
        {
            _changing.Release();
        }
    }
}
