using System.Net;
using Starling.Coap;
using Starling.Transports;

namespace Starling.Load;

/// <summary>Sends back what comes, through a <see cref="UdpChannel"/> and nothing else: what the channel costs beside the raw echo in C.</summary>
internal sealed class UdpEcho(UdpChannel channel) : IDatagramSink
{
    public static async Task<int> RunAsync(LoadOptions options, CancellationToken cancel)
    {
        var settings = new UdpSettings
        {
            Bind = IPEndPoint.Parse(options.Text("bind", "127.0.0.1:5683")),
            ReceiveThreads = options.Number("threads", 1),
            Portable = options.Flag("portable"),
        };
        await using var channel = new UdpChannel(settings);
        await channel.StartAsync(new UdpEcho(channel), cancel);
        Console.WriteLine($"ready {channel.LocalEndPoint} pid {Environment.ProcessId}");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var counters = channel.Counters;
        Console.WriteLine($"received {counters.Received} sent {counters.Sent} dropped {counters.SendsDropped} overrun {channel.Overrun} peers {channel.PeerCount}");
        return 0;
    }

    public void OnDatagram(Peer peer, Span<byte> datagram) => channel.Send(peer, datagram);

    public void OnPeerMoved(Peer peer, PeerAddress from) { }

    public void OnPeerLost(Peer peer, PeerLoss loss) { }
}
