namespace Starling.Dtls.Tests;

/// <summary>The handshake knows no record layer: the same one makes a TLS 1.2 session on a stream.</summary>
public sealed class StreamHandshakeTests
{
    [Theory]
    [InlineData(0xc0a8)]
    [InlineData(0xc0a4)]
    [InlineData(0x00a8)]
    [InlineData(0xc0ae)]
    [InlineData(0xc037)]
    public void Handshake_over_a_stream_establishes_both(ushort suite)
    {
        var (client, server) = Connect(suite, new byte[16], new byte[16]);
        Assert.True(client.Handshake.IsDone && server.Handshake.IsDone, $"{client.Handshake.Failure?.Why} {server.Handshake.Failure?.Why}");
        client.SendData([1, 2, 3]);
        Assert.Equal([1, 2, 3], server.Pump());
        server.SendData([4]);
        Assert.Equal([4], client.Pump());
    }

    [Fact]
    public void Hellos_on_a_stream_are_those_of_tls()
    {
        var (client, server) = Connect(0xc0a8, new byte[16], new byte[16]);
        Assert.Equal([0x16, 3, 3], client.Sent[..3]);
        Assert.Equal([1, 0, 0], client.Sent[5..8]);
        Assert.Equal([3, 3], client.Sent[9..11]);          // the version, in its TLS form
        Assert.Equal(0, client.Sent[43]);                  // no session id, and then the suites: no cookie between
        Assert.Equal([0, 4, 0xc0, 0xa8, 0, 0xff], client.Sent[44..50]);
        Assert.Equal([2, 0, 0], server.Sent[5..8]);
    }

    [Fact]
    public void Finished_under_other_keys_establishes_nobody() =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Connect(0xc0a8, new byte[16], [1]));   // the record of the Finished cannot be opened

    private static (StreamCarrier Client, StreamCarrier Server) Connect(ushort suite, byte[] clientKey, byte[] serverKey)
    {
        var keys = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        var settings = new DtlsSettings { Suites = [new CipherSuite(suite)] };
        var (client, server) = (new StreamCarrier(), new StreamCarrier());
        (client.Peer, server.Peer) = (server, client);
        server.Handshake = Handshake.OfServer(settings, keys.ServerKeys, server, new SessionMemory(null, 0));
        var own = keys.ClientKeys with { PreSharedKey = new DtlsOwnKeys.ClientKey("device"u8.ToArray(), clientKey) };
        client.Handshake = Handshake.OfClient(settings, new DtlsTarget(own), client);
        for (var turn = 0; turn < 20; turn++)
        {
            foreach (var side in (StreamCarrier[])[server, client])
            {
                Assert.Empty(side.Pump());
                Serve(side.Handshake, serverKey);
            }
        }
        return (client, server);
    }

    private static void Serve(Handshake handshake, byte[] key)
    {
        if (handshake.Query is { } query)
        {
            handshake.Provide(query is DtlsQuery.PreSharedKey ? new DtlsAnswer.Key(key) : new DtlsAnswer.Accepted());
        }
        else if (handshake.Work is { } work)
        {
            work.Run();
            handshake.Complete(work);
        }
    }
}
