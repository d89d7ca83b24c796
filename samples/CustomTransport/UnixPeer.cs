using Starling.Coap;

namespace CustomTransport;

/// <summary>Who listens at a file.</summary>
internal sealed class UnixPeer(string file) : Peer
{
    public const string Transport = "unix";

    public string File { get; } = file;

    public override PeerAddress Address => new(Transport, File);

    // The system says who sent a datagram; a sender cannot.
    public override bool AddressMayBeForged => false;
}
