namespace Starling.Dtls;

/// <summary>All that exists only while there is a handshake: dropped and wiped together.</summary>
/// <param name="handshake">The handshake.</param>
/// <param name="carrier">What carries it.</param>
internal sealed class HandshakeSide(Handshake handshake, FlightCarrier carrier) : IDisposable
{
    public Handshake Handshake { get; } = handshake;

    public FlightCarrier Carrier { get; } = carrier;

    public HeldRecords Held { get; } = new(handshake.Settings.MaxHeldRecords);

    /// <summary>Whether work was taken and has not come back.</summary>
    public bool IsWorkTaken { get; set; }

    /// <summary>Whether it waits for us: nothing is sent again meanwhile.</summary>
    public long Deadline => Handshake.IsOurTurn ? long.MaxValue : Carrier.Deadline;

    /// <summary>The keys of the peer's records, once its ChangeCipherSpec came.</summary>
    public ReadEpoch? Read => Carrier.HasPeerChanged ? Carrier.Read : null;

    /// <summary>Takes one piece of a message. True when it shows that our last flight was lost.</summary>
    public bool Take(in HandshakeFragment fragment, bool isProtected)
    {
        var incoming = Carrier.Incoming;
        if (fragment.Sequence != incoming.Next || !fragment.IsWhole || Handshake.IsOurTurn)
        {
            incoming.TryKeep(fragment, isProtected);
            return (ushort)(fragment.Sequence + 1) == incoming.Next && fragment.Offset + fragment.Bytes.Length == fragment.Length && !Handshake.IsOurTurn;
        }
        incoming.Advance();
        Deliver(fragment.Type, fragment.Sequence, fragment.Bytes, isProtected);
        return false;
    }

    /// <summary>Delivers what has become whole, as long as it is the peer's turn.</summary>
    public void DeliverKept()
    {
        while (!Handshake.IsOurTurn && !Handshake.IsDone && Handshake.Failure is null && Carrier.Incoming.TryTakeNext(out var message))
        {
            Deliver(message!.Type, (ushort)(Carrier.Incoming.Next - 1), message.Body, message.IsProtected);
        }
    }

    public void Dispose()
    {
        if (!IsWorkTaken)
        {
            Handshake.Work?.Dispose();   // what was taken is its taker's
        }
        Handshake.Dispose();
        Carrier.Dispose();
    }

    private void Deliver(HandshakeType type, ushort sequence, ReadOnlySpan<byte> body, bool isProtected)
    {
        Span<byte> header = stackalloc byte[HandshakeFragment.HeaderSize];
        HandshakeFragment.WriteHeader(header, type, body.Length, sequence, 0, body.Length);
        Handshake.Receive(new HandshakeMessage { Type = type, Header = header, Body = body, IsProtected = isProtected });
    }
}
