namespace Starling.Coap;

/// <summary>
/// One remote party through one transport; made only by channels. Its address may move, its session does not.
/// Compared by reference: while a peer is held, the same party is the same object.
/// </summary>
public abstract class Peer
{
    private int _holds;

    /// <summary>Where it is now.</summary>
    public abstract PeerAddress Address { get; }

    /// <summary>Who it has proven to be.</summary>
    public virtual PeerIdentity Identity => PeerIdentity.None;

    /// <summary>How to talk to it.</summary>
    public Transmission Transmission { get; set; } = Transmission.Default;

    /// <summary>The longest message that it takes, in bytes, where it or its channel has said so: blocks are chosen to fit.</summary>
    public virtual int MaxMessage => int.MaxValue;

    /// <summary>The outermost channel; set once by <see cref="CoapEndpoint"/> when the peer first delivers or is connected.</summary>
    public IMessageChannel? Channel { get; internal set; }

    /// <summary>
    /// Whether anyone could have written its source address: then little is sent before the address is proven
    /// (the anti-amplification rule of RFC 9175 §2.4 and of RFC 7252 §11.3).
    /// </summary>
    public abstract bool AddressMayBeForged { get; }

    /// <summary>A held peer is not evicted. The registrar holds one until its registration ends.</summary>
    public bool IsHeld => Volatile.Read(ref _holds) > 0;

    /// <summary>What the handler keeps for the peer: a place of its own instead of a table by peer. The endpoint never touches it.</summary>
    public object? HandlerState { get; set; }

    /// <summary>What the message layer knows of the peer.</summary>
    internal object? ReliabilityState;

    /// <summary>What the endpoint knows of the peer.</summary>
    internal object? EndpointState;

    /// <summary>The peer's ring of the protocol trace.</summary>
    internal object? TraceState;

    /// <summary>Keeps the peer from being evicted until <see cref="Release"/> has been called as often.</summary>
    public void Hold() => Interlocked.Increment(ref _holds);

    /// <summary>Ends one <see cref="Hold"/>.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holds) == 0)
        {
            OnReleased();
        }
    }

    /// <summary>The last hold has ended: the channel may put the peer among those that can be evicted. Called on the thread that released.</summary>
    protected virtual void OnReleased() { }

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();
}
