using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Hosting.Tests;

/// <summary>A channel to nowhere that remembers what the host did to it.</summary>
internal sealed class RecordingChannel : IMessageChannel
{
    public bool IsStarted { get; private set; }
    public bool IsDisposed { get; private set; }

    public Task StartAsync(IMessageSink sink, CancellationToken cancel)
    {
        IsStarted = true;
        return Task.CompletedTask;
    }

    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => throw new NotSupportedException();

    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer) => (peer = null) is not null;

    public ValueTask<DeliveryOutcome> SendAsync(Peer peer, CoapMessage message, Delivery delivery, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<bool> PingAsync(Peer peer, CancellationToken cancel) => ValueTask.FromResult(false);

    public int Allowance(Peer peer) => int.MaxValue;

    public void Prove(Peer peer) { }

    public void Close(Peer peer) { }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
