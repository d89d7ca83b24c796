using System.Net;

namespace Starling.Transports;

/// <summary>How a <see cref="UdpChannel"/> is bound and what it may take. Every limit has a counter in <see cref="UdpCounters"/>.</summary>
public sealed record UdpSettings
{
    /// <summary>The port that <c>coap</c> has when nothing else is said: 5683 (RFC 7252 §6.1).</summary>
    public const int CoapPort = 5683;

    /// <summary>
    /// Where to listen: every address at a port that the system chooses, which is what a client wants. A server gives its port.
    /// <c>[::]</c> takes IPv4 as well, and stands for <c>0.0.0.0</c> on a machine without IPv6.
    /// </summary>
    public IPEndPoint Bind { get; init; } = new(IPAddress.IPv6Any, 0);

    /// <summary>
    /// How many threads receive: 1; 1 to 64. Each has a socket of its own, among which Linux spreads the peers; other systems use one.
    /// More of them help a server that has more cores than one thread can fill (about 200 000 datagrams a second).
    /// </summary>
    public int ReceiveThreads { get; init; } = 1;

    /// <summary>Takes the path that every system has, also where the batched system calls of Linux could be used: false.</summary>
    public bool Portable { get; init; }

    /// <summary>How many datagrams one system call takes or gives at most: 32; 1 to 1024. The portable path has no batches.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The largest datagram that is taken, in bytes: 2048; 64 to 65 507. A larger one is dropped whole.</summary>
    public int MaxDatagram { get; init; } = 2048;

    /// <summary>
    /// What the system may keep for us until we receive it, a socket, in bytes: 4 MiB. The system may allow less
    /// (Linux: <c>net.core.rmem_max</c>, unless the process has CAP_NET_ADMIN); <see cref="UdpChannel.ReceiveBuffer"/> tells what it gave.
    /// </summary>
    public int ReceiveBuffer { get; init; } = 4 << 20;

    /// <summary>What the system may keep of ours until it is sent, a socket, in bytes: 4 MiB; limited like <see cref="ReceiveBuffer"/>.</summary>
    public int SendBuffer { get; init; } = 4 << 20;

    /// <summary>How many peers are remembered that nobody holds: 65 536. The oldest of them is forgotten to make room for another.</summary>
    public int MaxUnheldPeers { get; init; } = 65_536;

    /// <summary>
    /// How many of our own addresses are told apart on a wildcard bind: 256, up to 65 535. To a peer that uses a further one the system chooses from
    /// which address we answer.
    /// </summary>
    public int MaxLocalAddresses { get; init; } = 256;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Bind);
        Range(ReceiveThreads, 1, 64, nameof(ReceiveThreads));
        Range(Batch, 1, 1024, nameof(Batch));
        Range(MaxDatagram, 64, 65_507, nameof(MaxDatagram));
        Range(ReceiveBuffer, 1024, int.MaxValue / 2, nameof(ReceiveBuffer));
        Range(SendBuffer, 1024, int.MaxValue / 2, nameof(SendBuffer));
        Range(MaxUnheldPeers, 1, 1 << 26, nameof(MaxUnheldPeers));
        Range(MaxLocalAddresses, 1, ushort.MaxValue, nameof(MaxLocalAddresses));
    }

    private static void Range(int value, int low, int high, string name)
    {
        if (value < low || value > high)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {low} to {high}.");
        }
    }
}
