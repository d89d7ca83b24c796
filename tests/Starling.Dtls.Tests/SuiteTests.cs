namespace Starling.Dtls.Tests;

public sealed class SuiteTests
{
    public static TheoryData<ushort, bool, bool> All
    {
        get
        {
            var data = new TheoryData<ushort, bool, bool>();
            foreach (var suite in DtlsSettings.ServerSuites)
            {
                foreach (var (raw, ids) in ((bool, bool)[])[(true, false), (false, true)])
                {
                    data.Add(suite.Value, raw, ids);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Suite_establishes_and_carries_records_of_any_length(ushort number, bool rawKeys, bool connectionIds)
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys);
        var suite = new CipherSuite(number);
        pair.ClientSettings = pair.ClientSettings with { Suites = [suite], ConnectionIdLength = connectionIds ? (byte)3 : null };
        pair.ServerSettings = pair.ServerSettings with { ConnectionIdLength = connectionIds ? (byte)5 : null };
        pair.Connect();
        Assert.True(pair.IsEstablished, $"{pair.Client.Progress} {pair.Server?.Progress}");
        Assert.Equal((suite, suite), (pair.Client.Progress.Suite, pair.Server!.Progress.Suite));
        Assert.Equal(suite.ToString().Contains("CBC", StringComparison.Ordinal), pair.Server.Progress.EncryptThenMac);
        foreach (var length in (int[])[0, 1, 15, 16, 17, 100, 1280, 16384])
        {
            var data = new byte[length];
            pair.Chance.GetBytes(data);
            Assert.Equal((SendResult.Sent, SendResult.Sent), (pair.ClientSends(data), pair.ServerSends(data)));
            pair.Settle();
            Assert.Equal(data, pair.ReceivedByServer[^1]);
            Assert.Equal(data, pair.ReceivedByClient[^1]);
        }
        Assert.Equal(SendResult.TooLarge, pair.ClientSends(new byte[16385]));
    }

    [Theory]
    [InlineData("second.example", true)]
    [InlineData("SECOND.example", true)]
    [InlineData("third.example", false)]
    [InlineData(null, false)]
    public void Server_shows_the_key_of_the_name_that_is_asked_for(string? name, bool isSecond)
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        var second = TestKeys.OfOne("second", raw: true);
        pair.ServerKeys = pair.ServerKeys with { Named = pair.ServerKeys.Named.Add("second.example", second) };
        pair.ClientSettings = pair.ClientSettings with { Suites = [CipherSuite.EcdheEcdsaAes128Ccm8] };
        pair.ServerName = name;
        var shown = new List<DtlsQuery.PublicKey>();
        pair.Answer = query =>
        {
            shown.Add((DtlsQuery.PublicKey)query);
            return new DtlsAnswer.Accepted();
        };
        Assert.True(pair.Connect().IsEstablished);
        Assert.Equal(isSecond, second.Key!.Public.Matches(shown[0].SubjectPublicKeyInfo.Span));   // what the client saw
        Assert.Equal(name, shown[1].ServerName);                                                  // what the server was told
    }

    [Fact]
    public void Server_prefers_its_own_order_and_cbc_comes_last()
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        pair.ClientSettings = pair.ClientSettings with { Suites = [CipherSuite.PskAes128Cbc, CipherSuite.EcdhePskAes128Cbc, CipherSuite.PskAes128Gcm] };
        Assert.Equal(CipherSuite.PskAes128Gcm, pair.Connect().Client.Progress.Suite);
    }

    [Fact]
    public void Cbc_that_is_turned_off_is_neither_offered_nor_taken()
    {
        var server = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        server.ClientSettings = server.ClientSettings with { Suites = [CipherSuite.PskAes128Cbc] };
        server.ServerSettings = server.ServerSettings with { AllowCbc = false };
        Assert.Equal(DtlsAlert.HandshakeFailure, server.Connect().Client.Progress.AlertReceived);
        var client = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        client.ClientSettings = client.ClientSettings with { Suites = [CipherSuite.PskAes128Cbc], AllowCbc = false };
        Assert.Throws<ArgumentException>(() => client.Connect());
    }

    [Fact]
    public void Side_with_pre_shared_keys_only_never_speaks_of_certificates()
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        pair.ServerKeys = new DtlsOwnKeys { AcceptsPreSharedKeys = true };
        pair.ClientSettings = pair.ClientSettings with { Suites = [CipherSuite.EcdheEcdsaAes128Ccm8] };
        Assert.Equal(DtlsAlert.HandshakeFailure, pair.Connect().Client.Progress.AlertReceived);
        pair = new DtlsPair { ClientKeys = DtlsPair.Psk("device", new byte[16]) }.Connect();
        var hello = pair.Log[0].Datagram;
        Assert.DoesNotContain("c0ae", Convert.ToHexStringLower(hello), StringComparison.Ordinal);
        Assert.True(pair.IsEstablished);
    }

    [Fact]
    public void Side_with_public_keys_only_never_takes_pre_shared_keys()
    {
        var pair = TestKeys.Equip(new DtlsPair(), rawKeys: true);
        pair.ServerKeys = pair.ServerKeys with { AcceptsPreSharedKeys = false };
        pair.ClientSettings = pair.ClientSettings with { Suites = [CipherSuite.PskAes128Ccm8] };
        Assert.Equal(DtlsAlert.HandshakeFailure, pair.Connect().Client.Progress.AlertReceived);
    }
}
