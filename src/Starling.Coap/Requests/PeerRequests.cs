namespace Starling.Coap;

/// <summary>What the endpoint knows of one peer; made when there is something to know. Its own lock guards it.</summary>
internal sealed class PeerRequests
{
    /// <summary>Requests of the peer that are with the handler.</summary>
    public int Handling;

    /// <summary>The block size that the peer has taught us, in bytes; 0: none yet.</summary>
    public int LearnedBlockSize;

    /// <summary>Bodies that we are sending to the peer by blocks, and the last Request-Tag that told two of them apart.</summary>
    public int SentBodies;
    public int LastRequestTag;

    /// <summary>Bodies that are arriving, and bodies that are being fetched from us.</summary>
    public readonly List<Transfer> Transfers = [];   // the longest idle first

    public static PeerRequests Of(Peer peer)
    {
        if (peer.EndpointState is PeerRequests state)
        {
            return state;
        }
        var made = new PeerRequests();
        return (PeerRequests)(Interlocked.CompareExchange(ref peer.EndpointState, made, null) ?? made);
    }

    /// <summary>The size of the blocks that go to this peer, in bytes.</summary>
    public static int BlockSizeFor(Peer peer) =>
        peer.EndpointState is PeerRequests { LearnedBlockSize: > 0 } state
            ? Math.Min(state.LearnedBlockSize, peer.Transmission.PreferredBlockSize)
            : peer.Transmission.PreferredBlockSize;

    /// <summary>The peer has said that smaller blocks suit it better.</summary>
    public static void LearnBlockSize(Peer peer, int size)
    {
        if (size < BlockSizeFor(peer))
        {
            Of(peer).LearnedBlockSize = size;
        }
    }
}
