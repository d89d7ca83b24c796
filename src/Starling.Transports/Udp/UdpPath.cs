using System.Net;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>The sockets and threads of a channel: batched on Linux, portable elsewhere. It delivers to a <see cref="UdpInlet"/>.</summary>
internal abstract class UdpPath
{
    /// <summary>Where it is bound, with the port that the system chose.</summary>
    public abstract IPEndPoint LocalEndPoint { get; }

    /// <summary>What the system keeps for us, a socket, in bytes.</summary>
    public abstract int ReceiveBuffer { get; }

    /// <summary>Datagrams that the system dropped because we did not receive them in time; 0 where it does not tell.</summary>
    public abstract long Overrun { get; }

    /// <summary>Copies and never waits; from any thread.</summary>
    public abstract SendOutcome Send(in UdpAddress to, ReadOnlySpan<byte> datagram);

    /// <summary>Completes when nothing more will be delivered and the sockets are closed.</summary>
    public abstract Task StopAsync();
}
