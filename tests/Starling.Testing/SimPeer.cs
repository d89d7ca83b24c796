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

    /// <inheritdoc/>
    public override bool AddressMayBeForged => _channel.AddressesMayBeForged;
}
