using System.Net;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>
/// A remote UDP address together with the one of ours that it speaks to. Made by <see cref="UdpChannel"/>.
/// </summary>
public sealed class UdpPeer : Peer
{
    internal const string Transport = "udp";

    private readonly UdpPeerTable _table;
    private ushort _local;   // by which of our addresses a restored peer is reached; 0 until it was heard from

    internal UdpPeer(UdpPeerTable table, in UdpAddress key)
    {
        _table = table;
        Key = key;
    }

    /// <inheritdoc/>
    public override PeerAddress Address => new(Transport, Key.ToString());

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

    /// <summary>A store has told its address. It stands in the table without one of ours, and gets the one at which it is heard from first.</summary>
    internal volatile bool IsRestored;

    /// <summary>Where to send, and from where.</summary>
    internal UdpAddress Route => IsRestored ? Key.WithLocal(Volatile.Read(ref _local)) : Key;

    /// <summary>Whether it is this peer that speaks to one of our addresses though it stands in the table without one.</summary>
    internal bool SpeaksTo(ushort local) =>
        IsConnected || (IsRestored && Interlocked.CompareExchange(ref _local, local, 0) is var known && (known == 0 || known == local));

    internal bool BelongsTo(UdpPeerTable table) => ReferenceEquals(_table, table);

    /// <inheritdoc/>
    protected override void OnReleased() => _table.OnReleased(this);
}
