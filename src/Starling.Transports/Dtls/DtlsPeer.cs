using Starling.Coap;
using Starling.Dtls;

namespace Starling.Transports;

/// <summary>
/// One session with its peer, from the first accepted hello on. <see cref="Connection"/> is its lock too: it is held around the engine's calls and what
/// these emit, and around nothing that goes up.
/// </summary>
internal sealed class DtlsPeer : Peer, IDtlsOutput
{
    /// <summary>The number of the way by which a session is first reached.</summary>
    public static PathId FirstPath => new(1);

    /// <summary>What stands before the name of the transport below.</summary>
    public const string Prefix = "dtls+";

    private readonly DtlsChannel _channel;
    private PeerIdentity _identity = PeerIdentity.None;
    private Peer _below;
    private Peer? _from;         // whose datagram the engine has just now, where it did not come by _below
    private long _path;          // the number of _below
    private long _lastPath;
    private SendOutcome _outcome;

    public DtlsPeer(DtlsChannel channel, DtlsConnection connection, Peer below)
    {
        _channel = channel;
        Connection = connection;
        _below = below;
        _path = _lastPath = connection.Path.Value;
        ConnectionKey = DtlsSessions.KeyOf(connection.ConnectionId);
    }

    /// <summary>The engine's part of it, and the lock.</summary>
    public DtlsConnection Connection { get; }

    /// <summary>The key in the table of connection ids; 0 where none is in use.</summary>
    public ulong ConnectionKey { get; }

    /// <summary>The peer of the channel below that it is reached by.</summary>
    public Peer Below => Volatile.Read(ref _below);

    /// <inheritdoc/>
    public override PeerAddress Address => AddressOf(Below.Address);

    /// <inheritdoc/>
    public override PeerIdentity Identity => Volatile.Read(ref _identity);

    /// <summary>Nothing gets here that was not written by whoever holds the session's keys, and its address was proven by a cookie.</summary>
    public override bool AddressMayBeForged => false;

    /// <summary>What fits into a record, where the other party has set a limit (RFC 8449, RFC 6066 §4).</summary>
    public override int MaxMessage => Connection.MaxPlaintext;

    /// <summary>What there is while its handshake lasts; null afterwards. Written under the lock.</summary>
    public volatile DtlsHandshake? Handshake;

    /// <summary>Whom we connected to, and with what; null at a server.</summary>
    public DtlsOrigin? Origin;

    /// <summary>Its place in a store; null as long as none keeps it. Written under the lock.</summary>
    public DtlsKept? Kept;

    /// <summary>Its move to an address that has not proven itself yet; null as a rule. Written under the lock.</summary>
    public DtlsMoves.DtlsMove? Proving;

    /// <summary>It has ended. Written under the lock.</summary>
    public volatile bool IsGone;

    /// <summary>It has used up its record numbers (RFC 6347 §4.1) and is to end. Written under the lock.</summary>
    public bool IsSpent;

    /// <summary>The handshake of the same peer below for a session that is to follow this one; null as a rule. The table's lock guards it.</summary>
    public volatile DtlsPeer? Challenger;

    /// <summary>The peer below that the table holds for it; null before it is in the table. The table's lock guards it.</summary>
    public Peer? Reached;

    /// <summary>What the table counts it as; the table's lock guards it.</summary>
    public DtlsPlace Place;

    /// <summary>Its neighbours among all that are established, or among all handshakes; the table's lock guards them.</summary>
    public DtlsPeer? Next, Previous;

    /// <summary>Whether the table's queue of those that may be evicted has it; the table's lock guards it.</summary>
    public bool IsQueued;

    /// <summary>When it was heard from, in milliseconds of the channel's clock.</summary>
    public long HeardAt;

    /// <summary>An address of ours as the layers above see it.</summary>
    public static PeerAddress AddressOf(PeerAddress below) => new(Prefix + below.Transport, below.Text);

    public bool BelongsTo(DtlsChannel channel) => ReferenceEquals(_channel, channel);

    /// <summary>A datagram comes by a peer below: gives the number of that way. Under the lock.</summary>
    public PathId ComesBy(Peer below)
    {
        if (ReferenceEquals(below, _below))
        {
            _from = null;
            return new PathId(_path);
        }
        _from = below;
        return new PathId(++_lastPath);
    }

    /// <summary>Goes on where the last datagram came from. Under the lock.</summary>
    /// <returns>What it was reached by until now.</returns>
    public Peer Move(DtlsMoves moves)
    {
        var before = _below;
        if (Connection.Deadline != long.MaxValue)
        {
            Proving ??= new DtlsMoves.DtlsMove(moves, this, before, new PathId(_path));
        }
        Volatile.Write(ref _below, _from!);
        _path = _lastPath;
        _from = null;
        return before;
    }

    /// <summary>Goes back to where it was before it moved. Under the lock.</summary>
    /// <returns>What it was reached by until now.</returns>
    public Peer GoBack(DtlsMoves.DtlsMove move)
    {
        var before = _below;
        Volatile.Write(ref _below, move.Below);
        _path = move.Path.Value;
        Proving = null;
        return before;
    }

    /// <summary>It has proven to be somebody, to the process before this one.</summary>
    public void Become(PeerIdentity identity) => Volatile.Write(ref _identity, identity);

    /// <summary>After each call of the engine during a handshake, before the lock is left: whoever comes next finds the identity. Under the lock.</summary>
    public void Settle()
    {
        if (Connection.Status == DtlsStatus.Established && Handshake is { } handshake)
        {
            Become(handshake.Identity);
        }
    }

    /// <summary>Sends one datagram of plain bytes. Under the lock.</summary>
    public SendOutcome Send(ReadOnlySpan<byte> datagram)
    {
        _outcome = SendOutcome.Dropped;
        if (Kept?.MaySend(Connection.NextSequence) == false)
        {
            return SendOutcome.Dropped;
        }
        var result = Connection.Send(datagram, this);
        IsSpent |= result == SendResult.Exhausted;
        return result == SendResult.Sent ? _outcome : SendOutcome.Dropped;
    }

    /// <inheritdoc/>
    public void Emit(ReadOnlySpan<byte> datagram, PathId path) =>
        _outcome = _channel.SendBelow(_from is { } other && path.Value == _lastPath ? other : _below, datagram);

    /// <inheritdoc/>
    protected override void OnReleased() => _channel.Sessions.OnReleased(this);
}

/// <summary>What a session table counts a peer as.</summary>
internal enum DtlsPlace : byte
{
    Nowhere,
    Handshaking,
    Established,
}
