using Starling.Coap;
using Starling.Testing;

namespace Starling.Testing.Tests;

/// <summary>Notes what arrives; answers with the same bytes where asked to.</summary>
internal sealed class Sink(SimChannel channel, bool echo, bool scribble) : IDatagramSink
{
    public SimChannel Channel { get; } = channel;
    public List<string> Got { get; } = [];
    public List<PeerLoss> Losses { get; } = [];

    public static async Task<Sink> StartAsync(SimChannel channel, bool echo = false, bool scribble = false)
    {
        var sink = new Sink(channel, echo, scribble);
        await channel.StartAsync(sink, CancellationToken.None);
        return sink;
    }

    public void OnDatagram(Peer peer, Span<byte> datagram)
    {
        Got.Add($"{peer.Address.Text} {Convert.ToHexStringLower(datagram)}");
        if (echo)
        {
            Channel.Send(peer, datagram);
        }
        if (scribble)
        {
            datagram.Clear();
        }
    }

    public void OnPeerMoved(Peer peer, PeerAddress from) { }

    public void OnPeerLost(Peer peer, PeerLoss loss) => Losses.Add(loss);
}

internal static class SimChannelSending
{
    public static async Task SendToAsync(this SimChannel channel, string host, byte[] datagram) =>
        channel.Send(await channel.ConnectAsync(new PeerTarget(new Uri("coap://" + host)), CancellationToken.None), datagram);
}
