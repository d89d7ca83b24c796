using System.Net;
using System.Text;
using Starling.Coap;
using Starling.Transports;

namespace Starling.Interop.Tests;

/// <summary>A CoAP endpoint of ours with <see cref="Interop.Tests.Resources"/>, to be asked and to ask.</summary>
internal sealed class RunningEndpoint : IAsyncDisposable
{
    private readonly UdpChannel _udp;

    private RunningEndpoint(IPAddress address)
    {
        _udp = new UdpChannel(new UdpSettings { Bind = new IPEndPoint(address, 0) });
        Endpoint = new CoapEndpoint([new MessageLayer(_udp, new CoapSettings(), TimeProvider.System)], Resources, new CoapSettings(), TimeProvider.System);
        Resources.Endpoint = Endpoint;
    }

    public Resources Resources { get; } = new();

    public CoapEndpoint Endpoint { get; }

    public int Port => _udp.LocalEndPoint.Port;

    /// <summary>How it is addressed from outside.</summary>
    public string Url(string path, string host = "127.0.0.1") => $"coap://{host}:{Port}/{path}";

    public static async Task<RunningEndpoint> StartAsync(IPAddress? address = null)
    {
        var running = new RunningEndpoint(address ?? IPAddress.Loopback);
        await running.Endpoint.StartAsync(ForeignProgram.Patience);
        return running;
    }

    /// <summary>Asks a foreign server.</summary>
    public async Task<CoapMessage> RequestAsync(int port, CoapCode method, string path, string payload = "", string query = "")
    {
        var peer = await Endpoint.ConnectAsync(new PeerTarget(new Uri($"coap://127.0.0.1:{port}")), ForeignProgram.Patience);
        return await Endpoint.RequestAsync(peer, new CoapMessage { Code = method, Options = Options(path, query), Payload = Encoding.UTF8.GetBytes(payload) }, ForeignProgram.Patience);
    }

    private static CoapOptions Options(string path, string query)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, path);
        if (query.Length > 0)
        {
            options.Add(OptionNumber.UriQuery, query);
        }
        return options.Build();
    }

    public ValueTask DisposeAsync() => Endpoint.DisposeAsync();
}
