namespace Starling.Dtls.Tests;

public sealed class PreSharedKeyTests
{
    [Fact]
    public void Handshake_with_the_same_key_establishes_both()
    {
        var pair = new DtlsPair().Connect();
        Assert.Equal((DtlsStatus.Established, DtlsStatus.Established), (pair.Client.Status, pair.Server!.Status));
        Assert.Equal(CipherSuite.PskAes128Ccm8, pair.Server.Progress.Suite);
        Assert.Equal("device"u8, pair.Server.Progress.Identity.Span);
        Assert.True(pair.Client.Progress.ExtendedMasterSecret);
        Assert.Equal((SendResult.Sent, SendResult.Sent), (pair.ClientSends(1, 2, 3), pair.ServerSends(4)));
        pair.Settle();
        Assert.Equal([1, 2, 3], Assert.Single(pair.ReceivedByServer));
        Assert.Equal([4], Assert.Single(pair.ReceivedByClient));
    }

    [Fact]
    public void Unknown_identity_and_wrong_key_look_the_same()
    {
        var wrong = new DtlsPair { Answer = _ => new DtlsAnswer.Key(new byte[] { 9, 9, 9 }) }.Connect();
        var unknown = new DtlsPair { Answer = _ => new DtlsAnswer.UnknownIdentity() }.Connect();
        foreach (var pair in (DtlsPair[])[wrong, unknown])
        {
            Assert.Equal(DtlsStatus.Closed, pair.Client.Status);
            Assert.Equal(DtlsAlert.DecryptError, pair.Client.Progress.AlertReceived);
            Assert.Equal(DtlsAlert.DecryptError, pair.Server!.Progress.AlertSent);
            Assert.Equal(0, pair.Now);   // at once
        }
        Assert.Equal(wrong.Log.Select(l => (l.ToServer, l.Datagram.Length)), unknown.Log.Select(l => (l.ToServer, l.Datagram.Length)));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(8, 8)]
    [InlineData(8, 0)]
    [InlineData(0, 8)]
    [InlineData(0, 0)]
    [InlineData(null, 8)]
    [InlineData(8, null)]
    [InlineData(1, 32)]
    public void Connection_ids_of_any_length_go_into_records_of_their_direction(int? server, int? client)
    {
        var pair = new DtlsPair();
        pair.ServerSettings = pair.ServerSettings with { ConnectionIdLength = (byte?)server };
        pair.ClientSettings = pair.ClientSettings with { ConnectionIdLength = (byte?)client };
        pair.Connect();
        Assert.True(pair.IsEstablished);
        var both = server is not null && client is not null;
        Assert.Equal(both ? server : 0, pair.Server!.ConnectionId.Length);
        Assert.Equal((both ? server : null, both ? client : null), (pair.Server.Progress.OwnConnectionIdLength, pair.Server.Progress.PeerConnectionIdLength));
        Assert.Equal((both ? client : null, both ? server : null), (pair.Client.Progress.OwnConnectionIdLength, pair.Client.Progress.PeerConnectionIdLength));
        pair.Log.Clear();
        pair.ClientSends(1);
        pair.ServerSends(2);
        pair.Settle();
        Assert.Equal((both && server > 0 ? 25 : 23, both && client > 0 ? 25 : 23), (pair.Log[0].Datagram[0], pair.Log[1].Datagram[0]));
        Assert.Equal(both && server > 0, DtlsDatagram.TryReadConnectionId(pair.Log[0].Datagram, server ?? 0, out var id) && id.SequenceEqual(pair.Server.ConnectionId));
        Assert.Equal([1], Assert.Single(pair.ReceivedByServer));
        Assert.Equal([2], Assert.Single(pair.ReceivedByClient));
    }

    [Fact]
    public void Close_tells_the_peer()
    {
        var pair = new DtlsPair().Connect();
        pair.Client.Close(pair.ToServer);
        pair.Settle();
        Assert.Equal(DtlsStatus.Closed, pair.Server!.Status);
        Assert.Equal(DtlsAlert.CloseNotify, pair.Server.Progress.AlertReceived);
        Assert.Null(pair.Server.Progress.Failure);
        Assert.Equal(SendResult.NotEstablished, pair.ServerSends(1));
    }

    [Theory]
    [InlineData(129, 16)]
    [InlineData(0, 0)]
    [InlineData(0, 65)]
    public void Key_that_cannot_be_is_the_callers_mistake(int identity, int key) =>
        Assert.Throws<ArgumentException>(() => new DtlsPair { ClientKeys = DtlsPair.Psk(new string('i', identity), new byte[key]) }.Connect());

    [Theory]
    [InlineData(0, 1)]
    [InlineData(128, 64)]
    public void Shortest_and_longest_key_and_identity_do(int identity, int key)
    {
        var pair = new DtlsPair { ClientKeys = DtlsPair.Psk(new string('i', identity), new byte[key]), Answer = _ => new DtlsAnswer.Key(new byte[key]) };
        Assert.True(pair.Connect().IsEstablished);
    }

    [Fact]
    public void No_suite_in_common_is_said()
    {
        var pair = new DtlsPair();
        pair.ClientSettings = pair.ClientSettings with { Suites = [CipherSuite.PskAes128Ccm8] };
        pair.ServerSettings = pair.ServerSettings with { Suites = [CipherSuite.PskAes128Gcm] };
        pair.Connect();
        Assert.Equal(DtlsAlert.HandshakeFailure, pair.Client.Progress.AlertReceived);
        Assert.Contains("TLS_PSK_WITH_AES_128_CCM_8", pair.Server!.Progress.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Client_without_an_answer_gives_up_after_its_resends()
    {
        var pair = new DtlsPair { Loss = 100 }.Connect();
        Assert.Equal(DtlsStatus.Closed, pair.Client.Status);
        Assert.Equal(6, pair.Log.Count);
        Assert.Equal(63_000, pair.Now);
        Assert.Contains("No answer after 5 resends", pair.Client.Progress.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Handshake_under_loss_duplication_and_reordering_ends_in_a_session_or_a_clean_failure()
    {
        var established = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            var pair = new DtlsPair(seed) { Loss = seed % 6 * 10, Duplication = seed % 5 * 10, Reordering = seed % 4 * 15 };
            pair.ClientSettings = pair.ClientSettings with { ConnectionIdLength = (byte)(seed % 3), MaxDatagram = 256 };
            pair.ServerSettings = pair.ServerSettings with { ConnectionIdLength = 8, MaxDatagram = 256 };
            pair.Connect();
            Assert.True(pair.Client.Status is DtlsStatus.Established or DtlsStatus.Closed, $"seed {seed}: {pair.Client.Progress.Step}");
            established += pair.IsEstablished ? 1 : 0;
        }
        Assert.InRange(established, 270, 300);
    }
}
