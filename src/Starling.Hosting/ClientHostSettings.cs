using Starling.Client;
using Starling.Coap;
using Starling.Dtls;
using Starling.Transports;

namespace Starling.Hosting;

/// <summary>What a hosted client is told.</summary>
public sealed class ClientHostSettings
{
    /// <summary>The endpoint name, the servers, the limits. It must be set.</summary>
    public ClientSettings? Client { get; set; }

    /// <summary>The device's objects, without Security (0) and Server (1): these come from the accounts.</summary>
    public IList<ObjectInstance> Objects { get; } = [];

    /// <summary>The UDP socket: every address, a port that the system chooses. Null for none.</summary>
    public UdpSettings? Udp { get; set; } = new();

    /// <summary>How sessions with servers at <c>coaps://</c> are made. Null where no server has such a URI.</summary>
    public DtlsChannelSettings? Dtls { get; set; } = new() { Dtls = new DtlsSettings { Suites = DtlsSettings.ClientSuites, AllowCbc = false, ConnectionIdLength = 0 } };

    /// <summary>More ways to servers: each makes a channel that has not been started; the client disposes it. The first of all carries the messages.</summary>
    public IList<Func<IServiceProvider, IMessageChannel>> Channels { get; } = [];
}
