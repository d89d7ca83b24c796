namespace Starling.Dtls.Tests;

public sealed class ResumptionTests
{
    [Theory]
    [InlineData(true, 0xc0a8)]
    [InlineData(true, 0xc0ae)]
    [InlineData(false, 0xc02b)]
    [InlineData(true, 0xc037)]
    public void Session_is_taken_up_again_and_its_peer_is_asked_about_again(bool rawKeys, ushort suite)
    {
        using var cache = new DtlsSessionCache();
        var first = First(cache, rawKeys, suite);
        var asked = new List<DtlsQuery>();
        var second = Again(first, cache);
        var answer = first.Answer;
        second.Answer = query =>
        {
            asked.Add(query);
            return answer(query);
        };
        second.Connect();
        Assert.True(second.IsEstablished, $"{second.Client.Progress} {second.Server?.Progress}");
        Assert.True(second.Client.Progress.Resumed && second.Server!.Progress.Resumed);
        Assert.Equal(first.Server!.Progress.Identity.Span, second.Server.Progress.Identity.Span);
        Assert.Single(asked);
        second.ClientSends(1, 2);
        second.ServerSends(3);
        second.Settle();
        Assert.Equal([1, 2], Assert.Single(second.ReceivedByServer));
        Assert.Equal([3], Assert.Single(second.ReceivedByClient));
        Assert.True(Again(second, cache).Connect().Client.Progress.Resumed);
    }

    [Fact]
    public void Encrypt_then_MAC_stays_though_the_hello_offers_more_than_the_session_has()
    {
        using var cache = new DtlsSessionCache();
        var first = First(cache, true, 0x00ae);
        Assert.True(first.Server!.Progress.EncryptThenMac);
        var second = Again(first, cache);
        second.ClientSettings = second.ClientSettings with { Suites = [CipherSuite.PskAes128Ccm8, CipherSuite.PskAes128Cbc] };
        second.Connect();
        Assert.True(second.IsEstablished && second.Server!.Progress is { Resumed: true, EncryptThenMac: true });
        Assert.True(second.Client.Progress.EncryptThenMac);
    }

    [Fact]
    public void Changed_key_and_unknown_identity_make_it_a_whole_handshake()
    {
        using var cache = new DtlsSessionCache();
        var changed = Again(First(cache, true, 0xc0a8), cache);
        changed.Answer = _ => new DtlsAnswer.Key(new byte[] { 1, 2, 3 });
        changed.Connect();
        Assert.Equal(DtlsAlert.DecryptError, changed.Client.Progress.AlertReceived);
        Assert.Equal(0, cache.Count);
        var unknown = Again(First(cache, true, 0xc0a8), cache);
        unknown.Answer = _ => new DtlsAnswer.UnknownIdentity();
        Assert.Equal(DtlsAlert.DecryptError, unknown.Connect().Client.Progress.AlertReceived);
    }

    [Fact]
    public void Refused_raw_key_is_refused_again()
    {
        using var cache = new DtlsSessionCache();
        var pair = Again(First(cache, true, 0xc0ae), cache);
        pair.Answer = query => pair.Server?.Query == query ? new DtlsAnswer.Refused(DtlsAlert.AccessDenied) : new DtlsAnswer.Accepted();
        pair.Connect();
        Assert.Equal(DtlsAlert.AccessDenied, pair.Client.Progress.AlertReceived);
    }

    [Fact]
    public void Server_that_has_forgotten_makes_a_whole_handshake()
    {
        using var cache = new DtlsSessionCache();
        using var other = new DtlsSessionCache();
        var pair = Again(First(cache, true, 0xc0a8), other).Connect();
        Assert.True(pair.IsEstablished);
        Assert.False(pair.Client.Progress.Resumed);
    }

    [Fact]
    public void Session_of_another_server_name_or_an_old_one_is_not_taken_up()
    {
        using var cache = new DtlsSessionCache(lifetime: 1000);
        var named = Again(First(cache, true, 0xc0a8), cache);
        named.ServerName = "elsewhere.example";
        Assert.False(named.Connect().Client.Progress.Resumed);
        var late = Again(First(cache, true, 0xc0a8), cache);
        late.Now = 1001;
        Assert.False(late.Connect().Client.Progress.Resumed);
    }

    [Fact]
    public void Cache_holds_no_more_than_its_capacity()
    {
        using var cache = new DtlsSessionCache(capacity: 3);
        for (var i = 0; i < 10; i++)
        {
            First(cache, true, 0xc0a8);
        }
        Assert.Equal((3, 7L), (cache.Count, cache.Evicted));
    }

    [Fact]
    public void Resumption_under_loss_ends_in_a_session_or_a_clean_failure()
    {
        using var cache = new DtlsSessionCache();
        for (var seed = 0; seed < 100; seed++)
        {
            var pair = Again(First(cache, true, 0xc0a8), cache, seed);
            (pair.Loss, pair.Duplication, pair.Reordering) = (seed % 5 * 10, 20, 20);
            pair.Connect();
            Assert.True(pair.Client.Status is DtlsStatus.Established or DtlsStatus.Closed, $"seed {seed}: {pair.Client.Progress.Step}");
        }
    }

    private static DtlsPair First(DtlsSessionCache cache, bool rawKeys, ushort suite)
    {
        var pair = TestKeys.Equip(new DtlsPair { Cache = cache }, rawKeys);
        pair.ClientSettings = pair.ClientSettings with { Suites = [new CipherSuite(suite)], ConnectionIdLength = 2 };
        pair.ServerSettings = pair.ServerSettings with { ConnectionIdLength = 6 };
        return pair.Connect();
    }

    private static DtlsPair Again(DtlsPair first, DtlsSessionCache cache, int seed = 2) => new(seed)
    {
        Cache = cache,
        ClientKeys = first.ClientKeys,
        ServerKeys = first.ServerKeys,
        ClientSettings = first.ClientSettings,
        ServerSettings = first.ServerSettings,
        Answer = first.Answer,
        Resume = first.Client.TakeResumption() ?? throw new InvalidOperationException("Nothing to take up again."),
    };
}
