using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Client;

/// <summary>
/// The channel of a device in queue mode: what the device sends wakes it, what comes keeps it awake, and while it sleeps nothing comes.
/// </summary>
internal sealed class AwakeChannel(IMessageChannel inner, AwakeWindow window) : IMessageChannel
{
    public Task StartAsync(IMessageSink sink, CancellationToken cancel) => inner.StartAsync(new Sink(sink, window), cancel);

    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => inner.ConnectAsync(target, cancel);

    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer) => inner.TryRestore(address, out peer);

    public async ValueTask<DeliveryOutcome> SendAsync(Peer peer, CoapMessage message, Delivery delivery, CancellationToken cancel)
    {
        window.Touch();
        var outcome = await inner.SendAsync(peer, message, delivery, cancel).ConfigureAwait(false);
        window.Touch();   // it was delivered, or sent for the last time
        return outcome;
    }

    public ValueTask<bool> PingAsync(Peer peer, CancellationToken cancel)
    {
        window.Touch();
        return inner.PingAsync(peer, cancel);
    }

    public int Allowance(Peer peer) => inner.Allowance(peer);

    public void Prove(Peer peer) => inner.Prove(peer);

    public void Close(Peer peer) => inner.Close(peer);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Sink(IMessageSink sink, AwakeWindow window) : IMessageSink
    {
        public ValueTask<CoapMessage?> OnRequestAsync(Peer peer, CoapMessage request) =>
            IsHeard() ? sink.OnRequestAsync(peer, request) : ValueTask.FromResult<CoapMessage?>(null);

        public ValueTask<TokenFate> OnResponseAsync(Peer peer, CoapMessage response) =>
            IsHeard() ? sink.OnResponseAsync(peer, response) : ValueTask.FromResult(TokenFate.Uncertain);

        public void OnReset(Peer peer, CoapToken token)
        {
            if (IsHeard())
            {
                sink.OnReset(peer, token);
            }
        }

        public void OnPeerMoved(Peer peer, PeerAddress from) => sink.OnPeerMoved(peer, from);

        public void OnPeerLost(Peer peer, PeerLoss loss) => sink.OnPeerLost(peer, loss);

        private bool IsHeard()
        {
            if (!window.IsAwake)
            {
                return false;
            }
            window.Touch();
            return true;
        }
    }
}
