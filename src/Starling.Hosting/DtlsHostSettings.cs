using System.Net;
using Starling.Dtls;
using Starling.Transports;

namespace Starling.Hosting;

/// <summary>Where a server takes secured sessions, and with which keys of its own.</summary>
public sealed record DtlsHostSettings
{
    /// <summary>The UDP socket: every address, port 5684 (RFC 7252 §6.2).</summary>
    public UdpSettings Udp { get; init; } = new() { Bind = new IPEndPoint(IPAddress.IPv6Any, DtlsChannelSettings.CoapsPort) };

    /// <summary>How sessions are made and how much is kept: as usual, with connection ids of 6 bytes.</summary>
    public DtlsChannelSettings Channel { get; init; } = new() { Dtls = new DtlsSettings { ConnectionIdLength = 6 } };

    /// <summary>Our own keys, and which sorts of credentials are taken: pre-shared keys.</summary>
    public DtlsOwnKeys Keys { get; init; } = new() { AcceptsPreSharedKeys = true };

    /// <summary>Sessions that clients may take up again with half a handshake, 10 000 of them; null: none. Whoever takes one up is judged anew.</summary>
    public DtlsSessionCache? Resumable { get; init; } = new();
}
