using System.Security.Cryptography;
using System.Text;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Server.Tests;

public sealed class DeviceCredentialsTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly MemoryCredentialStore _store = new();
    private readonly DeviceCredentials _credentials;
    private readonly List<string> _ended = [];

    public DeviceCredentialsTests()
    {
        _credentials = new DeviceCredentials(null, _store, _time);
        _credentials.Ended += ended => _ended.Add(ended.Id);
    }

    public void Dispose() => _credentials.Dispose();

    [Fact]
    public async Task Known_identity_gets_its_key_and_the_credentials_id()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "urn:dev-1"));
        var accepted = Assert.IsType<PeerVerdict.Accepted>(await JudgeAsync("dev-1"));
        Assert.Equal([1, 2, 3], accepted.Key.ToArray());
        Assert.Equal(new PeerIdentity.PreSharedKey("dev-1") { Credential = "a" }, accepted.Identity);
        Assert.Equal((1, 1, 0), (_credentials.Counters.Credentials, _credentials.Counters.Accepted, _credentials.Counters.Refused));
    }

    [Theory]
    [InlineData("")]
    [InlineData("dev-2")]
    [InlineData("DEV-1")]
    [InlineData("dev-1 ")]
    public async Task Other_identity_is_unknown(string identity)
    {
        await AddAsync(TestKeys.Psk("a", "dev-1"));
        Assert.Equal(PeerRefusal.Unknown, Assert.IsType<PeerVerdict.Refused>(await JudgeAsync(identity)).Reason);
    }

    [Fact]
    public async Task Identity_that_is_no_text_or_too_long_is_unknown()
    {
        foreach (var bytes in new[] { [0xFF, 0xFE], [0xC0, 0x80], Encoding.UTF8.GetBytes(new string('a', 129)), new byte[65_535] })
        {
            var verdict = await _credentials.JudgeAsync(new PeerClaim.PreSharedKey(bytes), default);
            Assert.Equal(PeerRefusal.Unknown, Assert.IsType<PeerVerdict.Refused>(verdict).Reason);
        }
        Assert.Equal(4, _credentials.Counters.Refused);
    }

    [Fact]
    public async Task Identity_that_reads_like_a_fingerprint_is_not_taken_for_a_key()
    {
        var key = RandomNumberGenerator.GetBytes(91);
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(key));
        await AddAsync(TestKeys.Psk("a", fingerprint), new Credential.PublicKey("b", fingerprint) { Endpoint = "b" });
        Assert.Equal("a", IdOf(await JudgeAsync(fingerprint)));
        Assert.Equal("b", IdOf(await _credentials.JudgeAsync(new PeerClaim.PublicKey(key), default)));
    }

    [Fact]
    public async Task Unknown_and_switched_off_differ_in_reason_and_words()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1"));
        Assert.Null(await _credentials.EnableAsync("a", false, default));
        var off = Assert.IsType<PeerVerdict.Refused>(await JudgeAsync("dev-1"));
        Assert.Equal(PeerRefusal.Disabled, off.Reason);
        Assert.Contains("switched off", off.Why, StringComparison.Ordinal);
        Assert.Null(await _credentials.EnableAsync("a", true, default));
        Assert.IsType<PeerVerdict.Accepted>(await JudgeAsync("dev-1"));
    }

    [Fact]
    public async Task Credential_counts_only_between_its_times()
    {
        var now = _time.GetUtcNow();
        await AddAsync(TestKeys.Psk("a", "dev-1") with { NotBefore = now.AddHours(1), NotAfter = now.AddHours(2) });
        Assert.Equal(PeerRefusal.Disabled, Assert.IsType<PeerVerdict.Refused>(await JudgeAsync("dev-1")).Reason);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<PeerVerdict.Accepted>(await JudgeAsync("dev-1"));
        Assert.Empty(_ended);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(PeerRefusal.Ended, Assert.IsType<PeerVerdict.Refused>(await JudgeAsync("dev-1")).Reason);
        Assert.Equal(["a"], _ended);
    }

    [Fact]
    public async Task End_months_away_is_told_then()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1") with { NotAfter = _time.GetUtcNow().AddDays(100) });
        _time.Advance(TimeSpan.FromDays(99.9));
        Assert.Empty(_ended);
        _time.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal(["a"], _ended);
    }

    [Fact]
    public async Task Rotation_lets_both_in_until_the_overlap_is_over()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "urn:dev-1"));
        Assert.Null(await _credentials.RotateAsync("a", TestKeys.Psk("b", "dev-1.2", key: 7), null, default));
        Assert.Equal("urn:dev-1", _credentials.Find("b")!.Endpoint);
        _time.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(("a", "b"), (IdOf(await JudgeAsync("dev-1")), IdOf(await JudgeAsync("dev-1.2"))));
        _time.Advance(TimeSpan.FromHours(0.1));
        Assert.IsType<PeerVerdict.Refused>(await JudgeAsync("dev-1"));
        Assert.Equal("b", IdOf(await JudgeAsync("dev-1.2")));
        Assert.Equal(["a"], _ended);
    }

    [Fact]
    public async Task Rotation_forgets_what_ended_before()
    {
        await AddAsync(TestKeys.Psk("a", "1", "x"));
        await _credentials.RotateAsync("a", TestKeys.Psk("b", "2"), TimeSpan.FromHours(1), default);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await _credentials.RotateAsync("b", TestKeys.Psk("c", "3"), TimeSpan.FromHours(1), default));
        Assert.Equal(["b", "c"], _credentials.List(null, 10).Select(c => c.Id));
        Assert.Equal(2, _store.Count);
    }

    [Fact]
    public async Task Rotation_does_not_prolong_what_ends_sooner()
    {
        var end = _time.GetUtcNow().AddMinutes(5);
        await AddAsync(TestKeys.Psk("a", "1") with { NotAfter = end });
        await _credentials.RotateAsync("a", TestKeys.Psk("b", "2"), TimeSpan.FromDays(1), default);
        Assert.Equal(end, _credentials.Find("a")!.NotAfter);
    }

    [Fact]
    public async Task Rotation_at_the_same_identity_is_refused_and_changes_nothing()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1"));
        Assert.Equal(CredentialRefusalKind.Taken, (await _credentials.RotateAsync("a", TestKeys.Psk("b", "dev-1", key: 9), null, default))!.Kind);
        Assert.Null(_credentials.Find("a")!.NotAfter);
        Assert.Equal(1, _credentials.Count);
    }

    [Fact]
    public async Task Removed_credential_counts_no_more_and_its_end_is_told()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "x"));
        Assert.True(_credentials.HasFor("x"));
        Assert.Null(await _credentials.RemoveAsync("a", default));
        Assert.IsType<PeerVerdict.Refused>(await JudgeAsync("dev-1"));
        Assert.Equal((0, 0, false), (_credentials.Count, _store.Count, _credentials.HasFor("x")));
        Assert.Equal(["a"], _ended);
        Assert.Equal(CredentialRefusalKind.Unknown, (await _credentials.RemoveAsync("a", default))!.Kind);
    }

    [Fact]
    public async Task Several_are_taken_together_or_not_at_all()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1"));
        var refusal = await _credentials.AddAsync([TestKeys.Psk("b", "dev-2"), TestKeys.Psk("c", "dev-1")], default);
        Assert.Equal((1, CredentialRefusalKind.Taken), (refusal!.Index, refusal.Kind));
        Assert.Equal((1, 1), (_credentials.Count, _store.Count));
        Assert.Equal(1, (await _credentials.AddAsync([TestKeys.Psk("d", "same"), TestKeys.Psk("e", "same")], default))!.Index);
    }

    [Fact]
    public async Task Claims_that_are_none_are_refused()
    {
        Credential[] bad =
        [
            TestKeys.Psk("", "a"), TestKeys.Psk("a b", "a"), TestKeys.Psk("a", ""), TestKeys.Psk("a", new string('x', 129)), TestKeys.Psk("a", "a\n"),
            new Credential.PreSharedKey("a", "a", default), new Credential.PreSharedKey("a", "a", new byte[65]),
            TestKeys.Psk("a", "a", ""), TestKeys.Psk("a", "a", new string('x', 256)),
            new Credential.PublicKey("a", "AB"), new Credential.PinnedCertificate("a", new string('A', 64)), new Credential.CertificateSubject("a", ""),
            new Credential.Authority("a", "n", new byte[] { 1, 2 }, null),
            TestKeys.Psk("a", "a") with { NotBefore = TestKeys.Noon, NotAfter = TestKeys.Noon },
        ];
        foreach (var credential in bad)
        {
            Assert.Equal(CredentialRefusalKind.Unusable, (await _credentials.AddAsync([credential], default))!.Kind);
        }
        Assert.Equal(0, _credentials.Count);
    }

    [Fact]
    public async Task Limit_refuses_and_counts()
    {
        using var few = new DeviceCredentials(new CredentialSettings { MaxCredentials = 2 }, null, _time);
        Assert.Null(await few.AddAsync([TestKeys.Psk("a", "1"), TestKeys.Psk("b", "2")], default));
        Assert.Equal(CredentialRefusalKind.Full, (await few.AddAsync([TestKeys.Psk("c", "3")], default))!.Kind);
        Assert.Equal((2, 1), (few.Counters.Credentials, few.Counters.RefusedAdditions));
    }

    [Fact]
    public async Task List_pages_by_endpoint_then_by_id()
    {
        await AddAsync([.. Enumerable.Range(0, 700).Select(i => TestKeys.Psk($"id{i}", $"psk{i}", i % 7 == 0 ? null : $"ep{i % 10}"))]);
        var all = _credentials.List(null, 1000);
        Assert.Equal(700, all.Count);
        Assert.Equal(all.OrderBy(c => c.Endpoint ?? "", StringComparer.Ordinal).ThenBy(c => c.Id, StringComparer.Ordinal), all);
        var (paged, after) = (new List<Credential>(), default((string, string)?));
        while (_credentials.List(after, 33, c => c.Endpoint == "ep3") is { Count: > 0 } page)
        {
            paged.AddRange(page);
            after = (page[^1].Endpoint!, page[^1].Id);
        }
        Assert.Equal(all.Where(c => c.Endpoint == "ep3"), paged);
    }

    [Fact]
    public async Task Next_process_knows_what_this_one_was_told()
    {
        await AddAsync(TestKeys.Psk("a", "dev-1", "x") with { NotAfter = _time.GetUtcNow().AddHours(1) });
        using var next = new DeviceCredentials(null, _store, _time);
        await next.RestoreAsync(default);
        await next.RestoreAsync(default);
        Assert.Equal((1, true), (next.Count, next.HasFor("x")));
        Assert.IsType<PeerVerdict.Accepted>(await next.JudgeAsync(TestKeys.Claim("dev-1"), default));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<PeerVerdict.Refused>(await next.JudgeAsync(TestKeys.Claim("dev-1"), default));
    }

    [Fact]
    public async Task Store_that_fails_leaves_everything_as_it_was()
    {
        using var broken = new DeviceCredentials(null, new FailingStore(), _time);
        await Assert.ThrowsAsync<IOException>(() => broken.AddAsync([TestKeys.Psk("a", "1")], default).AsTask());
        Assert.Equal(0, broken.Count);
        await Assert.ThrowsAsync<IOException>(() => broken.AddAsync([TestKeys.Psk("a", "1")], default).AsTask());   // it is not blocked either
    }

    [Fact]
    public void Words_for_people_have_no_key_in_them()
    {
        var key = RandomNumberGenerator.GetBytes(16);
        var text = new Credential.PreSharedKey("a", "dev-1", key).ToString();
        Assert.Equal("a (PSK identity dev-1)", text);
    }

    [Fact]
    public void Ids_and_keys_come_from_the_source_that_was_given()
    {
        using var same = new DeviceCredentials(null, null, _time, new Sevens());
        Assert.Equal("BwcHBwcHBwcHBwcH", same.NewId());
        Assert.Equal(Enumerable.Repeat((byte)7, 16), same.NewKey());
        Assert.NotEqual(_credentials.NewId(), _credentials.NewId());
    }

    private async Task AddAsync(params Credential[] credentials) => Assert.Null(await _credentials.AddAsync(credentials, default));

    private ValueTask<PeerVerdict> JudgeAsync(string identity) => _credentials.JudgeAsync(TestKeys.Claim(identity), default);

    private static string? IdOf(PeerVerdict verdict) => Assert.IsType<PeerVerdict.Accepted>(verdict).Identity.Credential;

    private sealed class Sevens : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => Array.Fill(data, (byte)7);
    }

    private sealed class FailingStore : ICredentialStore
    {
        public async IAsyncEnumerable<Credential> LoadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.CompletedTask;
            yield break;
        }

        public ValueTask SaveAsync(IReadOnlyCollection<Credential> credentials, CancellationToken cancel) => throw new IOException("disk");

        public ValueTask DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) => throw new IOException("disk");
    }
}
