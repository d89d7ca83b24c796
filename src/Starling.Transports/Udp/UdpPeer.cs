using System.Net;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>
/// A remote UDP address together with the one of ours that it speaks to. Made by <see cref="UdpChannel"/>.
/// </summary>
public sealed class UdpPeer : Peer
{
    private readonly UdpPeerTable _table;

    internal UdpPeer(UdpPeerTable table, in UdpAddress key)
    {
        _table = table;
        Key = key;
    }

    /// <inheritdoc/>
    public override PeerAddress Address => new("udp", Key.ToString());

    /// <summary>The remote address and port.</summary>
    public IPEndPoint EndPoint => new(Key.ToIPAddress(), Key.Port);

    /// <summary>Anyone can write any source address; an address that we connected to is of our own choosing.</summary>
    public override bool AddressMayBeForged => !IsConnected;

    internal readonly UdpAddress Key;

    /// <summary>The next peer in the same bucket of the table.</summary>
    internal UdpPeer? Next;

    /// <summary>Whether the table's queue of those that may be evicted has it; the table's lock guards it.</summary>
    internal bool IsQueued;

    /// <summary>It has left the table.</summary>
    internal volatile bool IsGone;

    /// <summary>We connected to it.</summary>
    internal volatile bool IsConnected;

    internal bool BelongsTo(UdpPeerTable table) => ReferenceEquals(_table, table);

    /// <inheritdoc/>
    protected override void OnReleased() => _table.OnReleased(this);
}
