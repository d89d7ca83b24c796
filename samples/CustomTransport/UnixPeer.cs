using Starling.Coap;

namespace CustomTransport;

/// <summary>Who listens at a file.</summary>
internal sealed class UnixPeer(string file) : Peer
{
    public string File { get; } = file;

    public override PeerAddress Address => new("unix", File);

    // The system says who sent a datagram; a sender cannot.
    public override bool AddressMayBeForged => false;
}
