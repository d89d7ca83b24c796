using Starling.Coap;

namespace Starling.Testing;

/// <summary>A remote host as a <see cref="SimChannel"/> sees it.</summary>
public sealed class SimPeer : Peer
{
    /// <summary>What stands before its address.</summary>
    public const string Transport = "sim";

    private readonly SimChannel _channel;

    internal SimPeer(SimChannel channel, string host)
    {
        _channel = channel;
        Host = host;
    }

    /// <summary>The remote address: <c>10.0.0.1:5683</c>.</summary>
    public string Host { get; }

    /// <inheritdoc/>
    public override PeerAddress Address => new(Transport, Host);

    /// <summary>Who it has proven to be, as a test says: the simulated network secures nothing.</summary>
    public PeerIdentity Proven { get; set; } = PeerIdentity.None;

    /// <inheritdoc/>
    public override PeerIdentity Identity => Proven;

    /// <inheritdoc/>
    public override bool AddressMayBeForged => _channel.AddressesMayBeForged;
}
