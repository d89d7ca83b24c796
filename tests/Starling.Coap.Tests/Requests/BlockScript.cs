using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>A scripted peer that sends the blocks of a body, each in a message of its own.</summary>
internal sealed class BlockScript(Lockstep peer)
{
    private int _id = 0x1000;

    /// <summary>Sends that part of the body which the block names; or, where a wrong block is wanted, the whole body.</summary>
    public void Send(string request, string block, byte[] body, bool whole = false) => peer.Send(Line(request, block, body, whole));

    public string Line(string request, string block, byte[] body, bool whole = false)
    {
        var parts = block.Split('/').Select(int.Parse).ToArray();
        var part = whole ? body : body.AsSpan(parts[0] * parts[2], Math.Min(parts[2], body.Length - (parts[0] * parts[2])));
        return $"CON [0x{_id++:x4}] {request} T=01 Block1:{block} x'{Convert.ToHexStringLower(part)}'";
    }

    /// <summary>Waits for the answer to the last block.</summary>
    public Task<CoapMessage> ExpectAsync(string code, string block) => peer.ExpectAsync($"ACK [0x{_id - 1:x4}] {code} T=01 Block1:{block}");
}
