namespace Starling.Dtls.Tests;

/// <summary>How large records and datagrams may be: RFC 8449, RFC 6066 §4, and our own budget.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(500)]
    [InlineData(16383)]
    public void Record_size_limit_of_the_client_holds_for_the_server_and_the_other_way_round(int limit)
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys: false);
        pair.ClientSettings = pair.ClientSettings with { Suites = [CipherSuite.EcdheEcdsaAes128Ccm8], RecordSizeLimit = limit };
        pair.ServerSettings = pair.ServerSettings with { RecordSizeLimit = 1000 };
        pair.Connect();
        Assert.True(pair.IsEstablished);
        Assert.Equal((limit, 1000), (pair.Server!.MaxPlaintext, pair.Client.MaxPlaintext));
        Assert.Equal((SendResult.TooLarge, SendResult.TooLarge), (pair.ServerSends(new byte[limit + 1]), pair.ClientSends(new byte[1001])));
        pair.ServerSends(new byte[limit]);
        pair.ClientSends(new byte[1000]);
        pair.Settle();
        Assert.Equal((limit, 1000), (Assert.Single(pair.ReceivedByClient).Length, Assert.Single(pair.ReceivedByServer).Length));
        Assert.All(Fragments(pair, toServer: false), length => Assert.InRange(length, 0, limit));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(4096)]
    public void Fragment_length_that_the_client_asks_for_holds_for_both(int length)
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys: false);
        pair.ClientSettings = pair.ClientSettings with { Suites = [CipherSuite.EcdheEcdsaAes128Ccm8], MaxFragmentLength = length };
        pair.Connect();
        Assert.Equal((length, length), (pair.Server!.MaxPlaintext, pair.Client.MaxPlaintext));
        Assert.All(Fragments(pair, toServer: false), fragment => Assert.InRange(fragment, 0, length));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(300)]
    [InlineData(1200)]
    [InlineData(9000)]
    public void Datagram_of_a_handshake_stays_in_its_budget(int budget)
    {
        foreach (var suite in (ushort[])[0xc0a8, 0xc02b, 0xc023])
        {
            var pair = TestKeys.Equip(new DtlsPair(), rawKeys: false);
            pair.ClientSettings = pair.ClientSettings with { Suites = [new CipherSuite(suite)], MaxDatagram = budget, ConnectionIdLength = 32 };
            pair.ServerSettings = pair.ServerSettings with { MaxDatagram = budget, ConnectionIdLength = 32 };
            pair.Connect();
            Assert.True(pair.IsEstablished, pair.Server?.Progress.ToString());
            Assert.All(pair.Log, l => Assert.InRange(l.Datagram.Length, 1, budget));
        }
    }

    [Fact]
    public void Message_above_the_limit_is_not_put_together()
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys: false);
        pair.ClientSettings = pair.ClientSettings with { Suites = [CipherSuite.EcdheEcdsaAes128Ccm8], MaxDatagram = 256 };
        pair.ServerKeys = pair.ServerKeys with { Chain = [.. Enumerable.Repeat(pair.ServerKeys.Chain[0], 8), new byte[8000]] };
        pair.ServerSettings = pair.ServerSettings with { MaxDatagram = 256 };
        pair.Connect();
        Assert.Equal(DtlsStatus.Closed, pair.Client.Status);
        Assert.Contains("waiting for Certificate", pair.Client.Progress.Failure, StringComparison.Ordinal);
    }

    // What plain records of a side carried.
    private static IEnumerable<int> Fragments(DtlsPair pair, bool toServer)
    {
        foreach (var (direction, datagram) in pair.Log.Where(l => l.Datagram[0] == 22))
        {
            for (var at = 0; direction == toServer && at + 13 <= datagram.Length && datagram[at + 4] == 0; at += 13 + (datagram[at + 11] << 8) + datagram[at + 12])
            {
                yield return (datagram[at + 11] << 8) + datagram[at + 12];
            }
        }
    }
}
