using BenchmarkDotNet.Attributes;
using Starling.Coap;

namespace Starling.Benchmarks;

/// <summary>A confirmable POST of 32 bytes and its piggybacked answer through both endpoints: twice the work of one server.</summary>
public class EndpointBenchmarks
{
    private const int Window = 64;
    private readonly ValueTask<CoapMessage>[] _answers = new ValueTask<CoapMessage>[Window];
    private DirectChannel _wire = null!;
    private CoapEndpoint _client = null!;
    private CoapEndpoint _server = null!;
    private Peer _peer = null!;
    private CoapMessage _request = null!;

    /// <summary>Joins client and server.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        (_wire, var other) = DirectChannel.Pair();
        _client = Endpoint(_wire);
        _server = Endpoint(other);
        await _client.StartAsync(CancellationToken.None);
        await _server.StartAsync(CancellationToken.None);
        _peer = await _client.ConnectAsync(new PeerTarget(new Uri("coap://other")), CancellationToken.None);
        _peer.Hold();
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.UriPath, "echo");
        _request = new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = new byte[32] };
    }

    /// <summary>Stops both.</summary>
    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Request and answer, 64 at a time: our own requests complete on the thread pool.</summary>
    [Benchmark(OperationsPerInvoke = Window)]
    public async ValueTask<int> EchoAsync()
    {
        for (var i = 0; i < Window; i++)
        {
            _answers[i] = _client.RequestAsync(_peer, _request, CancellationToken.None);
        }
        _wire.Drain();
        var bytes = 0;
        foreach (var answer in _answers)
        {
            bytes += (await answer).Payload.Length;
        }
        return bytes;
    }

    private static CoapEndpoint Endpoint(IDatagramChannel wire)
    {
        var settings = new CoapSettings { Transmission = Transmission.Default with { Nstart = Window } };
        return new CoapEndpoint([new MessageLayer(wire, settings, TimeProvider.System)], new EchoHandler(), settings, TimeProvider.System);
    }

    private sealed class EchoHandler : ICoapHandler
    {
        public bool RunsInline => true;

        public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel) =>
            new(new CoapMessage { Code = CoapCode.Changed, Payload = request.Payload });
    }
}
