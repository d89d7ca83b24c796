using System.Globalization;
using System.Text;
using Starling.Coap;

namespace Starling.Interop.Tests;

/// <summary>
/// CoAP over DTLS with connection ids while the client's address changes again and again in the middle of block-wise transfers (RFC 9146 §6). The CoAP of the other
/// side is libcoap's, its DTLS is mbedTLS's or wolfSSL's.
/// </summary>
[Trait("Category", "Interop")]
public sealed class MovingTests
{
    private const int DatagramsBetweenMoves = 9;

    [PeerTheory(Peers.Mbedtls, Peers.Wolfssl, Peers.CoapClient)]
    [InlineData(Peers.Mbedtls, "C0A8 cid=0,6")]
    [InlineData(Peers.Wolfssl, "C0AE raw cid=3,6")]
    public async Task Client_moves_in_the_middle_of_block_transfers(string library, string what)
    {
        await using var endpoint = await RunningEndpoint.StartSecuredAsync();
        await using var relay = new Relay(endpoint.Port, RelayConditions.Calm);
        await using var tunnel = new TunnelPeer(library).Open(relay.Port, SecureCase.Parse(what));
        Assert.Contains("cid=on length=6", await tunnel.WaitEstablishedAsync(), StringComparison.Ordinal);
        var moves = MoveOften(relay);
        var at = $"coap://127.0.0.1:{await tunnel.PortAsync()}";
        Assert.Equal(new string('x', Resources.LargeLength), await CoapAsync("-m", "get", "-b", "64", $"{at}/large"));
        Assert.Equal("3000", await CoapAsync("-m", "put", "-b", "64", "-e", new string('y', 3000), $"{at}/length"));
        Assert.True(moves() > 10, $"The client moved {moves()} times only.");
        Assert.Equal(1, endpoint.Secured!.SessionCount);
    }

    [PeerTheory(Peers.Mbedtls, Peers.Wolfssl, Peers.CoapServer)]
    [InlineData(Peers.Mbedtls, "C0A8 cid=0,5")]
    [InlineData(Peers.Wolfssl, "C0AE raw cid=6,5")]
    public async Task We_move_in_the_middle_of_block_transfers(string library, string what)
    {
        var (plain, secured) = (Ports.Free(), Ports.Free());
        await using var server = ForeignProgram.Start(Peers.Get(Peers.CoapServer), "-A", "127.0.0.1", "-p", plain.ToString(CultureInfo.InvariantCulture));
        await using var tunnel = new TunnelPeer(library).Guard(secured, plain, SecureCase.Parse(what));
        await SecurePeer.WaitForPortAsync(plain);
        await SecurePeer.WaitForPortAsync(secured);
        await using var relay = new Relay(secured, RelayConditions.Calm);
        await using var endpoint = await RunningEndpoint.StartSecuredAsync();
        var own = SecureCase.Parse(what).RawKeys ? TestCredentials.RawKey : TestCredentials.Key;
        await endpoint.RequestAsync(relay.Port, own, CoapCode.Get, "");
        var moves = MoveOften(relay);
        var body = string.Concat(Enumerable.Range(0, 5000).Select(i => i.ToString("D5", CultureInfo.InvariantCulture)));
        Assert.True((await endpoint.RequestAsync(relay.Port, own, CoapCode.Put, "example_data", body)).Code.IsSuccess);
        Assert.Equal(body, Encoding.UTF8.GetString((await endpoint.RequestAsync(relay.Port, own, CoapCode.Get, "example_data")).Payload.Span));
        Assert.True(moves() > 3, $"We moved {moves()} times only.");
        await tunnel.WaitMovedAsync();
        Assert.Equal(1, endpoint.Secured!.SessionCount);
    }

    private static Func<int> MoveOften(Relay relay)
    {
        var (count, moves) = (0, 0);
        relay.Watch = (isClients, _) =>
        {
            if (isClients && ++count % DatagramsBetweenMoves == 0)
            {
                moves++;
                relay.Move();
            }
        };
        return () => moves;
    }

    private static async Task<string> CoapAsync(params string[] arguments)
    {
        var (exit, output) = await ForeignProgram.RunAsync(Peers.Get(Peers.CoapClient), arguments);
        Assert.True(exit == 0, output);
        return output.Trim();
    }
}
