using System.Net;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;
using Starling.Transports;

namespace Starling.Hosting;

/// <summary>What a hosted server is told.</summary>
public sealed class ServerHostSettings
{
    /// <summary>Limits and choices of the server and of CoAP below it.</summary>
    public ServerSettings Server { get; set; } = new();

    /// <summary>The UDP socket: every address, port 5683 (RFC 7252 §6.1). Null for none.</summary>
    public UdpSettings? Udp { get; set; } = new() { Bind = new IPEndPoint(IPAddress.IPv6Any, UdpSettings.CoapPort) };

    /// <summary>CoAP over DTLS: null for none. A registered <see cref="IPeerCredentials"/>, else the server's own credentials, say who may come in.</summary>
    public DtlsHostSettings? Dtls { get; set; }

    /// <summary>
    /// Makes what answers requests for paths that are not LwM2M's, over every channel: <see cref="OfferedFiles"/> for devices to fetch, say. Null: they are
    /// 4.04. It is called on the receiving thread, which it may not hold up.
    /// </summary>
    public Func<IServiceProvider, ICoapHandler>? OtherPaths { get; set; }

    /// <summary>The objects that are known: they give values their types. <see cref="ObjectCatalog.Standard"/> unless set.</summary>
    public ObjectCatalog Catalog { get; set; } = ObjectCatalog.Standard;

    /// <summary>Whether what is said on the wire is recorded (<see cref="ProtocolTrace"/>): no.</summary>
    public bool Trace { get; set; }

    /// <summary>More ways to devices: each makes a channel that has not been started; the server disposes it.</summary>
    public IList<Func<IServiceProvider, IMessageChannel>> Channels { get; } = [];
}
