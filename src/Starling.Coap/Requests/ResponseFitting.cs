namespace Starling.Coap;

/// <summary>
/// Makes responses fit: whole where they do, else by blocks. To an address that is not proven blocks get as small as 16 bytes, and when even those
/// are too large it has to return an Echo first (RFC 9175 §2.4).
/// </summary>
internal sealed class ResponseFitting(Block2Server block2, TimeProvider time)
{
    // Header, longest token, and what blocks add: Block2, Size2, ETag, marker.
    private const int Overhead = CoapDatagram.HeaderSize + CoapToken.MaxLength + 5 + 6 + 10 + 1;
    private const int SmallestBlock = 16;

    // An Echo has to fit after the last block, or a peer that cannot go on would not be told how to.
    private const int Challenge = CoapDatagram.HeaderSize + CoapToken.MaxLength + 2 + EchoValues.Size;
    private readonly EchoValues _echo = new(time);

    /// <summary>Whether a response can go as it is. Responses without payload always can: they are never replaced by an Echo.</summary>
    public static bool FitsAtOnce(IMessageChannel channel, Peer peer, CoapMessage response)
    {
        if (response.Body is not null || response.Payload.Length > PeerRequests.BlockSizeFor(peer))
        {
            return false;
        }
        return !peer.AddressMayBeForged || response.Payload.IsEmpty || response.Payload.Length <= RoomFor(channel, peer, response);
    }

    /// <summary>How many bytes of payload may go to the peer in one piece.</summary>
    public static int RoomFor(IMessageChannel channel, Peer peer, CoapMessage response)
    {
        var allowance = peer.AddressMayBeForged && channel.Allowance(peer) is var left and < int.MaxValue ? left - Challenge : int.MaxValue;
        return Math.Min(PeerRequests.BlockSizeFor(peer), allowance - Overhead - response.Options.Encoded.Length);
    }

    /// <summary>Counts the peer's address as proven when the request returns an Echo that was sent there.</summary>
    public void TakeEcho(IMessageChannel channel, Peer peer, CoapMessage request)
    {
        if (request.Options.TryGet(OptionNumber.Echo, out var echo) && _echo.IsFor(peer, echo))
        {
            channel.Prove(peer);
        }
    }

    /// <summary>The response as it goes out.</summary>
    /// <param name="channel">The way to the peer.</param>
    /// <param name="peer">Who asked.</param>
    /// <param name="request">The request with its whole body.</param>
    /// <param name="response">What the handler answered.</param>
    /// <param name="cameByBlocks">The request's body came by Block1: later blocks of the response are asked for without it.</param>
    /// <param name="cancel">The endpoint stops.</param>
    public ValueTask<CoapMessage?> FitAsync(
        IMessageChannel channel, Peer peer, CoapMessage request, CoapMessage? response, bool cameByBlocks, CancellationToken cancel)
    {
        if (response is null || (response.Body is null && response.Payload.IsEmpty))
        {
            return ValueTask.FromResult(response);
        }
        var fits = FitsAtOnce(channel, peer, response);
        if (!response.Code.IsSuccess)
        {
            // What an error says to people is not worth a transfer.
            return ValueTask.FromResult<CoapMessage?>(fits ? response : response.With(response.Options, default));
        }
        if (fits && request.Options.Block2 is null)
        {
            return ValueTask.FromResult<CoapMessage?>(response);
        }
        var room = RoomFor(channel, peer, response);
        if (room < SmallestBlock && (request.Code == CoapCode.Get || request.Code == CoapCode.Fetch))
        {
            return ValueTask.FromResult<CoapMessage?>(AskForEcho(peer));
        }
        // A request that has changed something is not asked for again: its answer goes out once the peer's copies have brought it the room.
        return SliceAsync(peer, request, response, Math.Max(room, SmallestBlock), cameByBlocks, cancel);
    }

    /// <summary>A later block of a body that is kept.</summary>
    public async ValueTask<CoapMessage?> ContinueAsync(IMessageChannel channel, Peer peer, OutgoingBody body, BlockOption asked, CancellationToken cancel)
    {
        var room = RoomFor(channel, peer, body.Response);
        return room < SmallestBlock ? AskForEcho(peer) : await block2.ContinueAsync(body, asked, room, cancel).ConfigureAwait(false);
    }

    private async ValueTask<CoapMessage?> SliceAsync(
        Peer peer, CoapMessage request, CoapMessage response, int room, bool cameByBlocks, CancellationToken cancel) =>
        await block2.SliceAsync(peer, request, response, room, cameByBlocks, cancel).ConfigureAwait(false);

    private CoapMessage AskForEcho(Peer peer)
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Echo, _echo.For(peer));
        return new CoapMessage { Code = CoapCode.Unauthorized, Options = options.Build() };
    }
}
