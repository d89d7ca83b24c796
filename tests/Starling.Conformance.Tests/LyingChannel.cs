using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Conformance.Tests;

/// <summary>A channel that changes what its client says, or swallows it.</summary>
/// <param name="inner">The channel that carries it.</param>
/// <param name="lie">Gets what the client says and gives what is said instead; null for nothing.</param>
internal sealed class LyingChannel(IDatagramChannel inner, Func<CoapMessage, CoapMessage?> lie) : IDatagramChannel
{
    public Task StartAsync(IDatagramSink sink, CancellationToken cancel) => inner.StartAsync(sink, cancel);

    public ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel) => inner.ConnectAsync(target, cancel);

    public bool TryRestore(PeerAddress address, [NotNullWhen(true)] out Peer? peer) => inner.TryRestore(address, out peer);

    public SendOutcome Send(Peer peer, ReadOnlySpan<byte> datagram)
    {
        if (CoapDatagram.Parse(datagram, out var parsed) != ParseError.None || parsed.Code.IsEmpty)
        {
            return inner.Send(peer, datagram);
        }
        var message = parsed.ToMessage();
        var said = lie(message);
        if (said is null)
        {
            return SendOutcome.Sent;
        }
        var bytes = new byte[CoapWriter.SizeOf(said, parsed.Token) + CoapToken.MaxLength];
        return inner.Send(peer, bytes.AsSpan(0, CoapWriter.Write(bytes, parsed.Type, parsed.MessageId, parsed.Token, said)));
    }

    public void Close(Peer peer) => inner.Close(peer);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
