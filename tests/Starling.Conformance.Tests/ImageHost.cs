using Starling.Client;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Conformance.Tests;

/// <summary>A CoAP server that devices fetch a package from.</summary>
internal sealed class ImageHost : ICoapHandler, IAsyncDisposable
{
    private const string Address = "10.0.0.7:5683";
    private readonly CoapEndpoint _endpoint;

    private ImageHost(SimNetwork network)
    {
        var settings = new CoapSettings();
        _endpoint = new CoapEndpoint([new MessageLayer(network.Host(Address), settings, network.Time, chance: 9)], this, settings, network.Time);
    }

    public static string Uri => $"coap://{Address}/fw";

    public static byte[] Image { get; } = SimulatedImage.Create(new PackageIdentity("client", "2.0"), new byte[8000]);

    public bool RunsInline => true;

    public static async Task<ImageHost> StartAsync(SimNetwork network)
    {
        var host = new ImageHost(network);
        await host._endpoint.StartAsync(default);
        return host;
    }

    public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        var answer = request.Options.UriPath.TrimStart('/') == "fw"
            ? new CoapMessage { Code = CoapCode.Content, Payload = Image }
            : CoapMessage.Response(CoapCode.NotFound);
        return ValueTask.FromResult<CoapMessage?>(answer);
    }

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();
}
