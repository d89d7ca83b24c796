using Starling.Coap;

namespace Starling.Load;

/// <summary>A CoAP server with one resource, <c>/echo</c>: what CoAP costs above the bare channel.</summary>
internal sealed class CoapEcho : ICoapHandler
{
    public bool RunsInline => true;

    public static async Task<int> RunAsync(LoadOptions options, CancellationToken cancel)
    {
        var settings = new CoapSettings();
        var way = LoadChannel.Of(options);
        var channel = way.Socket;
        await using var endpoint = new CoapEndpoint([new MessageLayer(way.Top, settings, TimeProvider.System)], new CoapEcho(), settings, TimeProvider.System);
        await endpoint.StartAsync(cancel);
        Console.WriteLine($"ready {channel.LocalEndPoint} pid {Environment.ProcessId}");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Console.WriteLine($"received {channel.Counters.Received} sent {channel.Counters.Sent} overrun {channel.Overrun} peers {channel.PeerCount}");
        return 0;
    }

    public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel) =>
        new(request.Options.UriPath == "/echo"
            ? new CoapMessage { Code = request.Code == CoapCode.Get ? CoapCode.Content : CoapCode.Changed, Payload = request.Payload }
            : CoapMessage.Response(CoapCode.NotFound));
}
