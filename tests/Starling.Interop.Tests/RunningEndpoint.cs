using System.Net;
using System.Text;
using Starling.Coap;
using Starling.Dtls;
using Starling.Transports;

namespace Starling.Interop.Tests;

/// <summary>A CoAP endpoint of ours with <see cref="Interop.Tests.Resources"/>, to be asked and to ask.</summary>
internal sealed class RunningEndpoint : IAsyncDisposable
{
    private readonly UdpChannel _udp;

    private readonly string _scheme;

    private RunningEndpoint(IPAddress address, DtlsServer? secured)
    {
        _scheme = secured is null ? "coap" : "coaps";
        _udp = new UdpChannel(new UdpSettings { Bind = new IPEndPoint(address, 0) });
        Secured = secured is null ? null : new DtlsChannel(_udp, new DtlsChannelSettings { Dtls = new DtlsSettings { ConnectionIdLength = 6 } }, TimeProvider.System, secured);
        IDatagramChannel channel = Secured is null ? _udp : Secured;
        Endpoint = new CoapEndpoint([new MessageLayer(channel, new CoapSettings(), TimeProvider.System)], Resources, new CoapSettings(), TimeProvider.System);
        Resources.Endpoint = Endpoint;
    }

    /// <summary>What secures it; null when nothing does.</summary>
    public DtlsChannel? Secured { get; }

    public Resources Resources { get; } = new();

    public CoapEndpoint Endpoint { get; }

    public int Port => _udp.LocalEndPoint.Port;

    /// <summary>How it is addressed from outside.</summary>
    public string Url(string path, string host = "127.0.0.1") => $"{_scheme}://{host}:{Port}/{path}";

    public static Task<RunningEndpoint> StartAsync(IPAddress? address = null) => StartAsync(new RunningEndpoint(address ?? IPAddress.Loopback, secured: null));

    /// <summary>One that speaks CoAP over DTLS only, and takes keys, raw public keys and certificates.</summary>
    public static Task<RunningEndpoint> StartSecuredAsync(DtlsServer? server = null) => StartAsync(new RunningEndpoint(IPAddress.Loopback, server ?? TestCredentials.Server()));

    /// <summary>Asks a foreign server.</summary>
    public Task<CoapMessage> RequestAsync(int port, CoapCode method, string path, string payload = "", string query = "") =>
        RequestAsync(new PeerTarget(new Uri($"coap://127.0.0.1:{port}")), method, path, payload, query);

    /// <summary>Asks a foreign server over DTLS.</summary>
    public Task<CoapMessage> RequestAsync(int port, OwnCredentials own, CoapCode method, string path, string payload = "") =>
        RequestAsync(new PeerTarget(new Uri($"coaps://127.0.0.1:{port}"), own), method, path, payload, "");

    private async Task<CoapMessage> RequestAsync(PeerTarget target, CoapCode method, string path, string payload, string query)
    {
        var peer = await Endpoint.ConnectAsync(target, ForeignProgram.Patience);
        return await Endpoint.RequestAsync(peer, new CoapMessage { Code = method, Options = Options(path, query), Payload = Encoding.UTF8.GetBytes(payload) }, ForeignProgram.Patience);
    }

    private static async Task<RunningEndpoint> StartAsync(RunningEndpoint running)
    {
        await running.Endpoint.StartAsync(ForeignProgram.Patience);
        return running;
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
