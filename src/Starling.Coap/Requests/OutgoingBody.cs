namespace Starling.Coap;

/// <summary>A body that a peer fetches from us by Block2 (RFC 7959 §2.4): kept until its last block has gone, so that all blocks are of one representation.</summary>
internal sealed class OutgoingBody(Transfers owner, Peer peer, CoapCode code, CoapOptions key, ReadOnlyMemory<byte> keyPayload, CoapMessage response, ReadOnlyMemory<byte> etag)
    : Transfer(owner, peer, code, key, keyPayload)
{
    public CoapMessage Response => response;
    public ReadOnlyMemory<byte> ETag => etag;
    public long Length => response.Body?.Length ?? response.Payload.Length;
}
