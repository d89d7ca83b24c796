using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

public class RegistrationTests
{
    private const string Links = "</1/0>,</3/0>";

    [Fact]
    public async Task Register_tells_name_lifetime_version_binding_and_objects()
    {
        await using var bench = await new TestBench().RegisterAsync();
        Assert.Equal([$"POST /rd?ep=urn:dev:1&lt=300&lwm2m=1.2&b=U {Links}"], bench.Server.Lines);
        Assert.Equal(ContentFormat.LinkFormat, bench.Server.Requests.Single().Options.ContentFormat);
        Assert.Equal(new RegistrationStatus(1, RegistrationState.Registered, Lwm2mVersion.V12, "rd/r1"), bench.Client.Registrations[0]);
    }

    [Fact]
    public async Task Update_comes_in_time_and_tells_nothing_that_is_known()
    {
        await using var bench = await new TestBench().RegisterAsync();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(206));
        Assert.Single(bench.Server.Lines);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal("POST /rd/r1", bench.Server.LastLine);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(205));
        Assert.Equal(2, bench.Server.Lines.Count);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(3, bench.Server.Lines.Count);
        Assert.Equal(
            [RegistrationState.Registering, RegistrationState.Registered, RegistrationState.Updating, RegistrationState.Registered, RegistrationState.Updating, RegistrationState.Registered],
            bench.States);
    }

    [Fact]
    public async Task Infinite_lifetime_needs_no_update()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { Lifetime = 0 };
        await bench.RegisterAsync();
        await bench.Network.RunAsync(TimeSpan.FromDays(60));
        Assert.Equal([$"POST /rd?ep=urn:dev:1&lt=0&lwm2m=1.2&b=U {Links}"], bench.Server.Lines);
    }

    [Fact]
    public async Task Lifetime_beyond_what_a_timer_can_is_kept()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { Lifetime = 100 * 86_400 };
        await bench.RegisterAsync();
        await bench.Network.RunAsync(TimeSpan.FromSeconds((100 * 86_400) - 100));
        Assert.Single(bench.Server.Lines);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("POST /rd/r1", bench.Server.LastLine);
    }

    [Fact]
    public async Task Lifetime_that_is_written_is_told_at_once_and_counts()
    {
        await using var bench = await new TestBench().RegisterAsync();
        bench[1].Set(1, 60);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /rd/r1?lt=60", bench.Server.LastLine);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(3, bench.Server.Lines.Count);
        Assert.Equal("POST /rd/r1", bench.Server.LastLine);
    }

    [Fact]
    public async Task Binding_and_objects_that_change_are_told()
    {
        await using var bench = await new TestBench().RegisterAsync();
        bench[1].Set(7, "UT");
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /rd/r1?b=UT", bench.Server.LastLine);
        var extra = TestObjects.NewEverything(4);
        bench.Client.Objects.Add(extra);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal($"POST /rd/r1 {Links},</9000/4>", bench.Server.LastLine);
        bench.Client.Objects.Remove(extra);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal($"POST /rd/r1 {Links}", bench.Server.LastLine);
        Assert.Equal(4, bench.Server.Lines.Count);
    }

    [Fact]
    public async Task Value_of_no_concern_to_the_registration_sends_nothing()
    {
        await using var bench = await new TestBench().RegisterAsync();
        bench[1].Set(2, 5);
        bench[3].Set(0, "Other");
        await bench.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Single(bench.Server.Lines);
    }

    [Fact]
    public async Task Application_can_ask_for_an_update()
    {
        await using var bench = await new TestBench().RegisterAsync();
        bench.Client.Update();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /rd/r1", bench.Server.LastLine);
    }

    [Fact]
    public async Task Lost_registration_is_made_again_at_once()
    {
        await using var bench = await new TestBench().RegisterAsync();
        bench.Server.Answer = request => request.Options.UriPath == "/rd" ? bench.Server.Accept(request) : CoapMessage.Response(CoapCode.NotFound);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(208));
        Assert.Equal(["POST /rd/r1", $"POST /rd?ep=urn:dev:1&lt=300&lwm2m=1.2&b=U {Links}"], bench.Server.Lines.Skip(1));
        Assert.Equal("rd/r2", bench.Client.Registrations[0].Location);
    }

    [Fact]
    public async Task Update_without_answer_is_followed_by_register()
    {
        await using var bench = await new TestBench().RegisterAsync();
        bench.Network.Lose = frame => frame.From == TestBench.DeviceAddress;
        await bench.UntilAsync(RegistrationState.Updating);
        await bench.UntilAsync(RegistrationState.Registering);
        bench.Network.Lose = null;
        await bench.UntilAsync(RegistrationState.Registered);
        Assert.Equal("rd/r2", bench.Client.Registrations[0].Location);
    }

    [Fact]
    public async Task Busy_server_is_asked_again_after_its_max_age_and_keeps_the_registration()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.MaxAge, 20);
        var busy = new CoapMessage { Code = CoapCode.ServiceUnavailable, Options = options.Build() };
        bench.Server.Answer = _ => busy;
        bench.Client.Update();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(19));
        Assert.Equal(2, bench.Server.Lines.Count);
        Assert.Equal(RegistrationState.Registered, bench.Client.Registrations[0].State);
        bench.Server.Answer = bench.Server.Accept;
        await bench.Network.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(["POST /rd/r1", "POST /rd/r1"], bench.Server.Lines.Skip(1));
    }

    [Fact]
    public async Task Busy_server_is_asked_again_within_the_lifetime_whatever_its_max_age()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.MaxAge, uint.MaxValue);
        var busy = new CoapMessage { Code = CoapCode.ServiceUnavailable, Options = options.Build() };
        bench.Server.Answer = _ => busy;
        bench.Client.Update();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(301));
        Assert.Equal(["POST /rd/r1", "POST /rd/r1"], bench.Server.Lines.Skip(1));
    }

    [Fact]
    public async Task Server_that_refuses_and_closes_the_session_is_left_in_peace_all_the_same()
    {
        await using var bench = new TestBench();
        bench.Server.Answer = _ => CoapMessage.Response(CoapCode.Forbidden);
        bench.Start();
        await bench.UntilAsync(RegistrationState.Backoff);
        bench.LoseServer();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(30));
        Assert.Single(bench.Server.Lines);
        Assert.Equal(RegistrationState.Backoff, bench.Client.Registrations[0].State);
    }

    [Fact]
    public async Task Attempts_follow_the_retry_resources()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { RetryCount = 3, RetryTimer = 10, SequenceDelay = 1000, SequenceRetryCount = 2 };
        bench.Server.Answer = _ => CoapMessage.Error(CoapCode.Forbidden, "not you");
        bench.Start();
        await bench.UntilAsync(RegistrationState.Failed);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(121));
        var times = bench.Network.Frames.Where(f => f.From == TestBench.DeviceAddress).Select(f => (int)f.At.TotalSeconds);
        Assert.Equal([0, 10, 30, 1030, 1040, 1060, 1100, 1180], times);
        Assert.Equal("4.03 not you", bench.Client.Registrations[0].Problem);
    }

    [Fact]
    public async Task Server_that_does_not_know_the_version_is_asked_with_lower_ones()
    {
        await using var bench = new TestBench();
        bench.Server.Answer = request => request.Options.UriQuery.Contains("lwm2m=1.0", StringComparison.Ordinal)
            ? bench.Server.Accept(request)
            : CoapMessage.Response(CoapCode.PreconditionFailed);
        await bench.RegisterAsync();
        Assert.Equal(["lwm2m=1.2", "lwm2m=1.1", "lwm2m=1.0"], bench.Server.Requests.Select(r => r.Options.GetStrings(OptionNumber.UriQuery)[2]));
        Assert.EndsWith("</1>;ver=1.2,</1/0>,</3>;ver=1.2,</3/0>", bench.Server.LastLine, StringComparison.Ordinal);
        Assert.Equal(Lwm2mVersion.V10, bench.Client.Registrations[0].Version);
        Assert.DoesNotContain(RegistrationState.Backoff, bench.States);
    }

    [Fact]
    public async Task Server_that_knows_no_version_is_a_failure()
    {
        await using var bench = new TestBench();
        bench.Server.Answer = _ => CoapMessage.Response(CoapCode.PreconditionFailed);
        bench.Start();
        await bench.UntilAsync(RegistrationState.Backoff);
        Assert.Equal(3, bench.Server.Lines.Count);
    }

    [Fact]
    public async Task Location_is_used_exactly_as_it_came()
    {
        await using var bench = new TestBench();
        bench.Server.Answer = _ => HandServer.Located("a/b", "", "c d");
        await bench.RegisterAsync();
        bench.Server.Answer = bench.Server.Accept;
        bench.Client.Update();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["a/b", "", "c d"], bench.Server.Requests.Last().Options.GetStrings(OptionNumber.UriPath));
        await bench.StopAsync();
        Assert.Equal(CoapCode.Delete, bench.Server.Requests.Last().Code);
        Assert.Equal(["a/b", "", "c d"], bench.Server.Requests.Last().Options.GetStrings(OptionNumber.UriPath));
    }

    [Fact]
    public async Task Answer_without_location_is_a_failure()
    {
        await using var bench = new TestBench();
        bench.Server.Answer = _ => CoapMessage.Response(CoapCode.Created);
        bench.Start();
        await bench.UntilAsync(RegistrationState.Backoff);
        Assert.Equal("2.01 without a location", bench.Client.Registrations[0].Problem);
    }

    [Fact]
    public async Task Stop_deregisters()
    {
        await using var bench = await new TestBench().RegisterAsync();
        await bench.StopAsync();
        Assert.Equal("DELETE /rd/r1", bench.Server.LastLine);
        Assert.Equal(RegistrationState.Deregistered, bench.States[^1]);
        Assert.True(bench.Run.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Stop_does_not_wait_long_for_a_silent_server()
    {
        await using var bench = await new TestBench().RegisterAsync();
        bench.Network.Lose = _ => true;
        var before = bench.Time.Elapsed;
        await bench.StopAsync();
        Assert.InRange(bench.Time.Elapsed - before, TimeSpan.Zero, TimeSpan.FromSeconds(5.1));
    }

    [Fact]
    public async Task Stop_while_registering_ends_quietly()
    {
        await using var bench = new TestBench();
        bench.Network.Lose = _ => true;
        bench.Start();
        await bench.UntilAsync(RegistrationState.Registering);
        await bench.StopAsync();
        Assert.True(bench.Run.IsCompletedSuccessfully);
        Assert.Empty(bench.Server.Lines);
    }

    [Fact]
    public async Task Nothing_is_left_on_the_clock_after_the_client_is_gone()
    {
        var bench = await new TestBench().RegisterAsync();
        await bench.DisposeAsync();
        await bench.Network.RunAsync(TimeSpan.FromDays(1));
        Assert.Equal(0, bench.Time.TimerCount);
    }

    [Fact]
    public async Task Client_runs_once()
    {
        await using var bench = await new TestBench().RegisterAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Client.RunAsync(default));
    }

    [Fact]
    public async Task Initial_delay_is_waited_for()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { InitialRegistrationDelay = 30 };
        await bench.RegisterAsync();
        Assert.InRange(bench.Time.Elapsed, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task Backoff_ends_early_when_the_application_says_so()
    {
        await using var bench = new TestBench();
        bench.Server.Answer = _ => CoapMessage.Response(CoapCode.Forbidden);
        bench.Start();
        await bench.UntilAsync(RegistrationState.Backoff);
        bench.Server.Answer = bench.Server.Accept;
        bench.Client.Update();
        await bench.Network.UntilAsync(bench.Client.WhenRegisteredAsync(default));
        Assert.InRange(bench.Time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Servers_are_registered_with_independently()
    {
        await using var bench = new TestBench();
        await using var second = new HandServer(bench.Network, "10.0.0.9:5683");
        bench.Server.Answer = _ => CoapMessage.Response(CoapCode.Forbidden);
        bench.Start(new ServerAccount { Uri = new Uri("coap://10.0.0.9"), ShortServerId = 2, Lifetime = 60 });
        await bench.Network.UntilAsync(() => bench.Client.Registrations[1].IsRegistered);
        Assert.Equal(RegistrationState.Backoff, bench.Client.Registrations[0].State);
        Assert.Equal(["POST /rd?ep=urn:dev:1&lt=60&lwm2m=1.2&b=U </1/0>,</1/1>,</2/0>,</2/1>,</2/2>,</3/0>"], second.Lines);
        Assert.Equal("coap://10.0.0.9", bench[0, 1].Get(0).AsString());
        Assert.Equal(2, bench[1, 1].Get(0).AsInteger());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(65535, 1)]
    [InlineData(1, -1)]
    public void Accounts_that_cannot_be_are_refused(int shortServerId, long lifetime)
    {
        var bench = new TestBench();
        bench.Account = bench.Account with { ShortServerId = shortServerId, Lifetime = lifetime };
        Assert.Throws<ArgumentException>(() => bench.Start());
    }

    [Fact]
    public void Settings_without_name_server_or_known_version_are_refused()
    {
        var bench = new TestBench();
        var settings = bench.Settings with { Servers = [bench.Account] };
        foreach (var bad in new[] { settings with { Servers = [] }, settings with { Endpoint = "" }, settings with { Version = new(1, 3) }, settings with { Catalog = ObjectCatalog.Empty } })
        {
            Assert.Throws<ArgumentException>(() => new Lwm2mClient(bad, [], [], bench.Time));
        }
    }

    [Fact]
    public void Two_accounts_with_one_id_are_refused()
    {
        var bench = new TestBench();
        Assert.Throws<ArgumentException>(() => bench.Start(bench.Account));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(23)]
    [InlineData(47)]
    public async Task Rough_network_ends_registered_and_deregistered(int seed)
    {
        await using var bench = new TestBench(seed, SimConditions.Rough);
        bench.Account = bench.Account with { RetryTimer = 1 };
        await bench.RegisterAsync();
        for (var i = 0; i < 20; i++)
        {
            bench[1].Set(1, 100 + i);
            await bench.Network.UntilAsync(() => bench.Server.Requests.Any(r => r.Options.UriQuery.Contains($"lt={100 + i}", StringComparison.Ordinal)));
        }
        bench.Network.Conditions = SimConditions.Perfect;
        await bench.StopAsync();
        Assert.StartsWith("DELETE /rd/", bench.Server.LastLine, StringComparison.Ordinal);
    }
}
