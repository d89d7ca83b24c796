using System.Numerics;

namespace Starling.Coap;

/// <summary>What the endpoint knows of one peer; made when there is something to know. Its own lock guards it.</summary>
internal sealed class PeerRequests
{
    private const int SmallestBlock = 16;   // RFC 7959 §2.2

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

    /// <summary>The size of the blocks that go to this peer, in bytes: half of the longest message at most, so that header and options have room.</summary>
    public static int BlockSizeFor(Peer peer)
    {
        var (wanted, half) = (WantedBlockSizeFor(peer), peer.MaxMessage / 2);
        return wanted <= half ? wanted : Math.Max(1 << BitOperations.Log2((uint)half), SmallestBlock);
    }

    /// <summary>The size of blocks that suits the peer, in bytes: what its channel prefers, or less where it has said so.</summary>
    public static int WantedBlockSizeFor(Peer peer) =>
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
