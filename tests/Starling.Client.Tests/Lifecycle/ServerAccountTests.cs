using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>What the object Server (1) of 1.2 says of a registration: versions, profiles, transports, the order of servers, and what follows a failure.</summary>
public class ServerAccountTests
{
    private const string Second = "10.0.0.9:5683", Links = "</1/0>,</3/0>";

    [Fact]
    public async Task Formats_are_told_unless_they_are_not_to_be()
    {
        await using var bench = new TestBench();
        bench.Settings = bench.Settings with { TellsFormats = true };
        await bench.RegisterAsync();
        Assert.EndsWith(" </>;rt=\"oma.lwm2m\";ct=\"60 110 112 11542 11544\",</1/0>,</3/0>", bench.Server.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_versions_that_the_server_supports_are_tried()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { SupportedVersions = ["1.0", "1.1.1"] };
        bench.Server.Answer = request => request.Options.UriQuery.Contains("lwm2m=1.0", StringComparison.Ordinal)
            ? bench.Server.Accept(request)
            : CoapMessage.Response(CoapCode.PreconditionFailed);
        await bench.RegisterAsync();
        Assert.Equal(["lwm2m=1.1", "lwm2m=1.0"], bench.Server.Requests.Select(r => r.Options.GetStrings(OptionNumber.UriQuery)[2]));
        bench.Server.Answer = bench.Server.Accept;
        ObjectAssert.WriteAll(bench[1], 25, "1.2");
        bench.Server.Answer = request => request.Options.UriPath == "/rd" ? bench.Server.Accept(request) : CoapMessage.Response(CoapCode.NotFound);
        bench.Client.Update();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("lwm2m=1.2", bench.Server.Requests.Last().Options.GetStrings(OptionNumber.UriQuery)[2]);
    }

    [Theory]
    [InlineData("1.2", "", "1.2 1.1 1.0")]
    [InlineData("1.1", "1.2 1.0", "1.0")]
    [InlineData("1.2", "2.0", "1.2 1.1 1.0")]
    [InlineData("1.2", "1.1 1.2.1", "1.2 1.1")]
    public void Candidates_are_what_both_speak(string highest, string supported, string expected)
    {
        Assert.True(Lwm2mVersion.TryParse(highest, out var version));
        Assert.Equal(expected, string.Join(' ', VersionChoice.Candidates(version, supported.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public async Task Profile_id_stands_for_the_list()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { ProfileIdAlgorithm = 6 };
        await bench.RegisterAsync();
        var id = DeviceLinks.ProfileId(bench.Client.Objects, 6);
        Assert.Equal([$"POST /rd?ep=urn:dev:1&lt=300&lwm2m=1.2&b=U&pid={id}"], bench.Server.Lines);
        Assert.Null(bench.Server.Requests.Single().Options.ContentFormat);
        bench.Client.Objects.Add(TestObjects.NewEverything());
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal($"POST /rd/r1?pid={DeviceLinks.ProfileId(bench.Client.Objects, 6)} {Links},</9000/0>", bench.Server.LastLine);
    }

    [Fact]
    public async Task Server_that_does_not_know_the_profile_gets_the_list_with_it()
    {
        await using var bench = new TestBench();
        bench.Settings = bench.Settings with { ProfileIds = ["oma:meter", "v:acme-7"] };
        bench.Server.Answer = request => request.Payload.IsEmpty && request.Code == CoapCode.Post ? CoapMessage.Response(CoapCode.Conflict) : bench.Server.Accept(request);
        await bench.RegisterAsync();
        Assert.Equal(
            ["POST /rd?ep=urn:dev:1&lt=300&lwm2m=1.2&b=U&pid=\"oma:meter,v:acme-7\"", $"POST /rd?ep=urn:dev:1&lt=300&lwm2m=1.2&b=U&pid=\"oma:meter,v:acme-7\" {Links}"],
            bench.Server.Lines);
        Assert.DoesNotContain(RegistrationState.Backoff, bench.States);
    }

    [Fact]
    public async Task Server_that_does_not_know_profiles_at_all_never_hears_of_them_again()
    {
        await using var bench = new TestBench();
        bench.Settings = bench.Settings with { ProfileIds = ["oma:meter"] };
        bench.Server.Answer = request => request.Options.UriQuery.Contains("pid", StringComparison.Ordinal) ? CoapMessage.Response(CoapCode.BadRequest)
            : request.Options.UriPath == "/rd" || request.Code == CoapCode.Delete ? bench.Server.Accept(request)
            : CoapMessage.Response(CoapCode.NotFound);
        await bench.RegisterAsync();
        bench.Client.Update();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal([true, false, false, false], bench.Server.Lines.Select(line => line.Contains("pid", StringComparison.Ordinal)));
        Assert.Equal("rd/r2", bench.Client.Registrations[0].Location);
    }

    [Fact]
    public async Task Profiles_are_of_1_2_only()
    {
        await using var bench = new TestBench();
        bench.Settings = bench.Settings with { ProfileIds = ["oma:meter"], Version = Lwm2mVersion.V11 };
        await bench.RegisterAsync();
        Assert.DoesNotContain("pid", bench.Server.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0='U'", "2.04")]
    [InlineData("1,0='U'", "2.04")]
    [InlineData("5", "2.04")]
    [InlineData("0='T'", "4.05")]   // the device does not have it
    [InlineData("0='S'", "4.05")]   // the account does not list it
    [InlineData("0='UT'", "4.00")]
    [InlineData("0", "4.00")]
    [InlineData("0='u'", "4.00")]
    public async Task Update_trigger_takes_a_binding_that_both_have(string arguments, string code)
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { Binding = "UT" };
        bench.Objects[0].Set(16, "US");
        await bench.RegisterAsync();
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.Execute(new(1, 0, 8), arguments));
        Assert.Equal(code, answer.Code.ToString());
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(code == "2.04" ? 2 : 1, bench.Server.Lines.Count);
        Assert.True(code != "2.04" || bench.Server.LastLine == "POST /rd/r1");
    }

    [Fact]
    public async Task Other_transport_is_registered_over_when_the_server_says_so()
    {
        await using var bench = new TestBench();
        await using var other = new HandServer(bench.Network, Second);
        bench.Account = bench.Account with { Binding = "UT", SecondaryUris = [new Uri($"coap+tcp://{Second}")] };
        bench.Objects[0].Set(16, "UT");
        await bench.RegisterAsync();
        Assert.Equal($"coap+tcp://{Second}", ObjectAssert.Texts(bench[0], 25).Single());
        await bench.Server.AskAsync(new Lwm2mRequest.Execute(new(1, 0, 8), "0='T'"));
        await bench.Network.UntilAsync(() => other.Requests.Count == 1);
        Assert.StartsWith("POST /rd?ep=urn:dev:1", other.LastLine, StringComparison.Ordinal);
        await bench.UntilAsync(RegistrationState.Registered);
        bench[1].Set(22, "U");   // what the trigger said counts before the preference
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Single(other.Requests);
    }

    [Fact]
    public async Task Preference_that_is_written_counts_from_the_next_registration_on()
    {
        await using var bench = new TestBench();
        await using var other = new HandServer(bench.Network, Second);
        bench.Account = bench.Account with { Binding = "UT", SecondaryUris = [new Uri($"coap+tcp://{Second}")] };
        bench.Objects[0].Set(16, "UT");
        await bench.RegisterAsync();
        var written = await bench.Server.AskAsync(new Lwm2mRequest.Write(new(1, 0, 22), [new(new(1, 0, 22), "T")]));
        Assert.Equal(CoapCode.Changed, written.Code);
        bench.Client.Update();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(300));
        Assert.Empty(other.Requests);
        Assert.All(bench.Server.Lines.Skip(1), line => Assert.Equal("POST /rd/r1", line));   // the registration goes on, with nothing new to tell
        bench.Server.Answer = request => request.Options.UriPath == "/rd" ? bench.Server.Accept(request) : CoapMessage.Response(CoapCode.NotFound);
        bench.Client.Update();
        await bench.Network.UntilAsync(() => other.Requests.Count == 1);
        Assert.StartsWith("POST /rd?ep=urn:dev:1", other.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "UT", "UT", 'U')]
    [InlineData(null, "T", "UT", "UT", 'T')]
    [InlineData(null, "T", "U", "UT", 'T')]
    [InlineData(null, "T", "UT", "U", 'U')]
    [InlineData('T', "U", "UT", "UT", 'T')]
    [InlineData(null, null, "TU", "UT", 'T')]
    [InlineData(null, null, "SQ", "T", 'U')]
    [InlineData(null, "TU", "UT", "UT", 'U')]
    public void Best_transport_is_what_was_told_then_preferred_then_configured(char? told, string? preferred, string configured, string supported, char best) =>
        Assert.Equal(best, TransportChoice.Letters(told, preferred, configured, supported).First());

    [Fact]
    public void Uri_goes_with_the_transport_and_the_first_when_none_does()
    {
        Uri[] uris = [new("coaps://a"), new("coaps+tcp://b"), new("mqtt://c")];
        Assert.Equal(["coaps://a/", "coaps+tcp://b", "mqtt://c/", "coaps://a/"], "UTMH".Select(c => TransportChoice.UriFor([c], uris).ToString()).Select(u => u.Replace("//b/", "//b", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Servers_in_an_order_are_registered_with_one_after_the_other()
    {
        await using var bench = new TestBench();
        await using var second = new HandServer(bench.Network, Second);
        await using var third = new HandServer(bench.Network, "10.0.0.8:5683");
        bench.Account = bench.Account with { RegistrationOrder = 20, InitialRegistrationDelay = 30 };
        bench.Start(Account(2, Second) with { RegistrationOrder = 10, InitialRegistrationDelay = 40 }, Account(3, "10.0.0.8:5683"));
        await bench.Network.UntilAsync(() => third.Requests.Count == 1);
        Assert.InRange(bench.Time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await bench.Network.UntilAsync(() => second.Requests.Count == 1);
        Assert.InRange(bench.Time.Elapsed, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(41));
        Assert.Empty(bench.Server.Requests);
        await bench.Network.UntilAsync(() => bench.Server.Requests.Count == 1);
        Assert.InRange(bench.Time.Elapsed, TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(71));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failure_of_one_server_lets_the_next_begin_unless_it_blocks(bool blocks)
    {
        await using var bench = new TestBench();
        await using var second = new HandServer(bench.Network, Second);
        bench.Account = bench.Account with { RegistrationOrder = 1, BlocksOnFailure = blocks, RetryCount = 2, RetryTimer = 10, SequenceDelay = 100, SequenceRetryCount = 2 };
        bench.Server.Answer = _ => CoapMessage.Response(CoapCode.Forbidden);
        bench.Start(Account(2, Second) with { RegistrationOrder = 2 });
        await bench.Network.RunAsync(TimeSpan.FromSeconds(119));
        Assert.Empty(second.Requests);   // attempts at 0, 10, 110 and 120 s
        await bench.Network.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(RegistrationState.Failed, bench.Client.Registrations[0].State);
        Assert.Equal(blocks ? 0 : 1, second.Requests.Count);
        bench.Server.Answer = bench.Server.Accept;
        await bench.Network.RunAsync(TimeSpan.FromSeconds(120));
        Assert.True(bench.Client.Registrations[0].IsRegistered);
        Assert.True(bench.Client.Registrations[1].IsRegistered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failure_of_all_attempts_tells_whether_bootstrap_is_needed(bool bootstraps)
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { BootstrapsOnFailure = bootstraps, RetryCount = 2, RetryTimer = 1 };
        bench.Server.Answer = _ => CoapMessage.Response(CoapCode.Forbidden);
        bench.Start();
        await bench.UntilAsync(RegistrationState.Backoff);
        Assert.False(bench.Client.Registrations[0].NeedsBootstrap);
        await bench.UntilAsync(RegistrationState.Failed);
        Assert.Equal(bootstraps, bench.Client.Registrations[0].NeedsBootstrap);
    }

    [Fact]
    public async Task Disable_is_answered_before_the_device_goes_and_lasts_its_time()
    {
        await using var bench = await new TestBench().RegisterAsync();
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Write(new(1, 0, 5), [new(new(1, 0, 5), 50)]))).Code);
        var answered = bench.Server.AskAsync(new Lwm2mRequest.Execute(new(1, 0, 4)));
        Assert.Equal(CoapCode.Changed, (await answered).Code);
        Assert.Single(bench.Server.Lines);   // the answer is here, and De-register is not
        await bench.UntilAsync(RegistrationState.Disabled);
        Assert.Equal("DELETE /rd/r1", bench.Server.LastLine);
        var since = bench.Time.Elapsed;
        bench.LoseServer();   // it closes the session behind the device
        bench[3].Set(0, "news");
        await bench.UntilAsync(RegistrationState.Registered);
        Assert.InRange(bench.Time.Elapsed - since, TimeSpan.FromSeconds(49), TimeSpan.FromSeconds(51));
    }

    [Fact]
    public void Object_is_whole_in_1_2_with_all_that_an_account_says()
    {
        var account = Account(7, Second) with { RegistrationOrder = 3, ProfileIdAlgorithm = 1, PreferredTransport = "T", SupportedVersions = ["1.1", "1.2"] };
        var server = new ServerObject(ObjectCatalog.Standard.Find(1)!, 0, account);
        ObjectAssert.Whole(server.Instance);
        Assert.Equal((3L, 1, "T", false, true), (server.RegistrationOrder!.Value, server.ProfileIdAlgorithm!.Value, server.PreferredTransport, server.BlocksOnFailure, server.BootstrapsOnFailure));
        Assert.Equal(["1.1", "1.2"], server.SupportedVersions);
        Assert.Equal(CoapCode.Changed, ObjectAssert.Write(server.Instance, 10, Lwm2mValue.ObjectLink(ObjectLink.Null)).Code);
    }

    private static ServerAccount Account(int id, string address) => new() { Uri = new Uri($"coap://{address}"), ShortServerId = id, Lifetime = 300 };
}
