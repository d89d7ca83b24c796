using System.Collections.Concurrent;

namespace Starling.Coap.Tests;

/// <summary>A handler of delegates that remembers what it was asked.</summary>
internal sealed class TestHandler : ICoapHandler
{
    public bool RunsInline { get; init; } = true;

    public Func<Peer, CoapMessage, CancellationToken, ValueTask<CoapMessage?>> Handle { get; set; } =
        static (_, request, _) => ValueTask.FromResult<CoapMessage?>(Scene.Content(request.Options.UriPath));

    public Func<Peer, CoapMessage, IBodySink?> Open { get; set; } = static (_, _) => null;

    public Func<Peer, CoapToken, ValueTask<(TokenFate, ObservationMatch?)>> Find { get; set; } =
        static (_, _) => ValueTask.FromResult<(TokenFate, ObservationMatch?)>((TokenFate.Unknown, null));

    public ConcurrentQueue<CoapMessage> Requests { get; } = new();
    public ConcurrentQueue<CoapMessage> Notifications { get; } = new();
    public ConcurrentQueue<CoapToken> Resets { get; } = new();
    public ConcurrentQueue<PeerLoss> Losses { get; } = new();

    /// <summary>Answers when the test says so.</summary>
    public TaskCompletionSource<CoapMessage?> AnswerLater()
    {
        var answer = new TaskCompletionSource<CoapMessage?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Handle = (_, _, _) => new ValueTask<CoapMessage?>(answer.Task);
        return answer;
    }

    /// <summary>Answers at once.</summary>
    public void Answer(Func<CoapMessage, CoapMessage?> answer) => Handle = (_, request, _) => ValueTask.FromResult(answer(request));

    /// <summary>Knows one observation.</summary>
    public void Knows(CoapToken token, CoapMessage request) =>
        Find = (_, asked) => ValueTask.FromResult<(TokenFate, ObservationMatch?)>(
            asked == token ? (TokenFate.Known, new Observation(request)) : (TokenFate.Unknown, null));

    public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        Requests.Enqueue(request);
        return Handle(peer, request, cancel);
    }

    public IBodySink? OpenBody(Peer peer, CoapMessage firstBlock) => Open(peer, firstBlock);

    public ValueTask<(TokenFate Fate, ObservationMatch? Match)> FindObservationAsync(Peer peer, CoapToken token, CancellationToken cancel) => Find(peer, token);

    public ValueTask NotifyAsync(Peer peer, ObservationMatch observation, CoapMessage notification, CancellationToken cancel)
    {
        Notifications.Enqueue(notification);
        return ValueTask.CompletedTask;
    }

    public void OnReset(Peer peer, CoapToken token) => Resets.Enqueue(token);

    public void OnPeerLost(Peer peer, PeerLoss loss) => Losses.Enqueue(loss);

    private sealed class Observation(CoapMessage request) : ObservationMatch
    {
        public override CoapMessage Request => request;
    }
}
