using System.Text;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>Operations as a server sends them, through the whole client.</summary>
public class OnTheWireTests
{
    [Theory]
    [InlineData("/3/0/0", 0, "2.05", "Acme")]
    [InlineData("/3/0/9", 0, "2.05", "55")]
    [InlineData("/3/0/9", 11542, "2.05", "\xc1\x09\x37")]
    [InlineData("/3/0/9", 110, "2.05", """[{"bn":"/3/0/9","v":55}]""")]
    [InlineData("/3/0", 0, "4.06", null)]
    [InlineData("/3/0", 42, "4.06", null)]
    [InlineData("/3/0/11", 0, "4.06", null)]
    [InlineData("/3/0/0", 999, "4.06", null)]
    [InlineData("/0/0/0", 11542, "4.01", null)]
    [InlineData("/3/0/77", 11542, "4.04", null)]
    [InlineData("/9", 11542, "4.04", null)]
    [InlineData("/3/0/4", 0, "4.05", null)]
    [InlineData("/", 11542, "4.05", null)]
    public async Task Get_is_read(string path, ushort accept, string code, string? body)
    {
        await using var bench = await new TestBench().RegisterAsync();
        var answer = await bench.Server.AskAsync(Message(CoapCode.Get, path, accept: accept));
        Assert.Equal(code, answer.Code.ToString());
        if (body is not null)
        {
            Assert.Equal(body, Encoding.Latin1.GetString(answer.Payload.Span));
            Assert.Equal(accept, answer.Options.ContentFormat!.Value.Value);
        }
    }

    [Fact]
    public async Task Whole_instance_comes_back_as_it_is()
    {
        await using var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        await bench.RegisterAsync();
        foreach (var format in new[] { ContentFormat.Tlv, ContentFormat.SenmlJson, ContentFormat.SenmlCbor })
        {
            var response = await bench.Server.AskAsync(new Lwm2mRequest.Read(new(9000, 0), format));
            Assert.Equal(format, response.Format);
            Assert.Equal(
                ["7", "2.5", "true", "0102", "1970-01-01T00:16:40Z", "3:0", "8", "Red", "Green", "10", "20", "fixed"],
                response.Records.Where(r => r.Value.Kind != ValueKind.Empty).Select(r => r.Value.ToString()));
        }
    }

    [Theory]
    [InlineData(11542)]
    [InlineData(110)]
    [InlineData(112)]
    public async Task Object_without_instances_and_instance_without_values_are_empty(ushort format)
    {
        await using var bench = new TestBench();
        bench.Start();
        bench.Client.Objects.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        await bench.Network.UntilAsync(bench.Client.WhenRegisteredAsync(default));
        var read = new Lwm2mRequest.Read(new(9000), new ContentFormat(format));
        var none = await bench.Server.AskAsync(read);
        Assert.Equal((CoapCode.Content, read.Accept), (none.Code, none.Format));
        Assert.DoesNotContain(none.Records, r => r.Value.Kind != ValueKind.Empty);
        bench.Client.Objects.Add(new ObjectInstance(TestObjects.Everything, 3));
        var empty = await bench.Server.AskAsync(read);
        Assert.Equal((CoapCode.Content, read.Accept), (empty.Code, empty.Format));
        Assert.DoesNotContain(empty.Records, r => r.Value.Kind != ValueKind.Empty);
    }

    [Fact]
    public async Task Write_changes_what_is_read()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var path = new Lwm2mPath(3, 0, 14);
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Write(path, [new(path, "+02:00")]))).Code);
        Assert.Equal((Lwm2mValue)"+02:00", (await bench.Server.AskAsync(new Lwm2mRequest.Read(path))).Records.Single().Value);
    }

    [Theory]
    [InlineData("/3/0/14", null, "x", "4.00")]        // no Content-Format
    [InlineData("/3/0/14", 999, "x", "4.15")]
    [InlineData("/3/0/0", 0, "x", "4.05")]
    [InlineData("/3/0", 0, "x", "4.15")]
    [InlineData("/3/0/13", 0, "x", "4.00")]
    [InlineData("/3/0/9/0", 0, "1", "4.05")]
    public async Task Put_that_cannot_be_has_its_code(string path, int? format, string body, string code)
    {
        await using var bench = await new TestBench().RegisterAsync();
        var answer = await bench.Server.AskAsync(Message(CoapCode.Put, path, contentFormat: (ushort?)format, body: body));
        Assert.Equal(code, answer.Code.ToString());
        Assert.NotEqual(0, answer.Payload.Length);   // says why
    }

    [Fact]
    public async Task Execute_reaches_the_application()
    {
        var got = new List<string?>();
        await using var bench = new TestBench();
        bench.Objects[0][4] = Resource.Execute((arguments, _) => { got.Add(arguments); return Task.CompletedTask; });
        await bench.RegisterAsync();
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Execute(new(3, 0, 4)))).Code);
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Execute(new(3, 0, 4), "0='1',2"))).Code);
        Assert.Equal("4.00", (await bench.Server.AskAsync(Message(CoapCode.Post, "/3/0/4", contentFormat: 0, body: "x=y"))).Code.ToString());
        Assert.Equal([null, "0='1',2"], got);
    }

    [Fact]
    public async Task Application_that_fails_is_a_server_error_and_its_refusal_keeps_the_code()
    {
        await using var bench = new TestBench();
        bench.Objects[0][4] = Resource.Execute((_, _) => throw new Lwm2mException(CoapCode.MethodNotAllowed, "not now"));
        bench.Objects[0][9] = Resource.Read(() => throw new InvalidOperationException("broken"));
        await bench.RegisterAsync();
        var refused = await bench.Server.AskAsync(new Lwm2mRequest.Execute(new(3, 0, 4)));
        Assert.Equal((CoapCode.MethodNotAllowed, "not now"), (refused.Code, refused.Diagnostic));
        Assert.Equal(CoapCode.InternalServerError, (await bench.Server.AskAsync(new Lwm2mRequest.Read(new(3, 0, 9)))).Code);
    }

    [Fact]
    public async Task Create_and_delete_are_told_by_an_update()
    {
        await using var bench = new TestBench();
        bench.Start();
        bench.Client.Objects.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        await bench.Network.UntilAsync(bench.Client.WhenRegisteredAsync(default));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        var created = await bench.Server.AskAsync(new Lwm2mRequest.Create(new(9000), 3, [new(new(9000, 3, 0), 5)], ContentFormat.SenmlCbor));
        Assert.Equal((CoapCode.Created, new Lwm2mPath(9000, 3)), (created.Code, created.Created!.Value));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /rd/r1 </1/0>,</3/0>,</9000/3>", bench.Server.LastLine);
        Assert.Equal(CoapCode.Deleted, (await bench.Server.AskAsync(new Lwm2mRequest.Delete(new(9000, 3)))).Code);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /rd/r1 </1/0>,</3/0>,</9000>", bench.Server.LastLine);
    }

    [Fact]
    public async Task Create_without_a_number_takes_the_next()
    {
        await using var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        bench.Start();
        bench.Client.Objects.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        await bench.Network.UntilAsync(bench.Client.WhenRegisteredAsync(default));
        var created = await bench.Server.AskAsync(new Lwm2mRequest.Create(new(9000), null, [new(new(9000, 0, 0), 5)], ContentFormat.Tlv));
        Assert.Equal(new Lwm2mPath(9000, 1), created.Created);
        Assert.Equal(Lwm2mValue.Integer(5), bench[9000, 1].Get(0));
    }

    [Fact]
    public async Task Discover_shows_attributes_after_they_are_written()
    {
        await using var bench = await new TestBench().RegisterAsync();
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.WriteAttributes(new(3, 0, 9), new() { MinimumPeriod = 5, GreaterThan = 70.5 }))).Code);
        var links = (await bench.Server.AskAsync(new Lwm2mRequest.Discover(new(3, 0)))).Links;
        Assert.Equal("</3/0>,</3/0/0>,</3/0/4>,</3/0/9>;pmin=5;gt=70.5,</3/0/11>;dim=1,</3/0/14>,</3/0/16>", LinkFormat.Write(links));
        Assert.Equal(CoapCode.BadRequest, (await bench.Server.AskAsync(Message(CoapCode.Put, "/3/0/9", query: "gt=soon"))).Code);
    }

    [Fact]
    public async Task Well_known_core_lists_the_objects_for_anyone()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var stranger = bench.Network.Lockstep("10.0.0.66:1000", TestBench.DeviceAddress);
        stranger.Send("CON [0001] GET /.well-known/core T=01");
        await stranger.ExpectAsync("ACK [0001] 2.05 T=01 Content-Format:40 \"</1/0>,</3/0>\"");
    }

    [Fact]
    public async Task Stranger_gets_nothing()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var stranger = bench.Network.Lockstep("10.0.0.66:1000", TestBench.DeviceAddress);
        stranger.Send("CON [0001] GET /3/0/0 T=01");
        await stranger.ExpectAsync("ACK [0001] 4.01 T=01 ...");
        stranger.Send("CON [0002] POST /3/0/4 T=02");
        await stranger.ExpectAsync("ACK [0002] 4.01 T=02 ...");
    }

    [Fact]
    public async Task Request_before_registration_is_ignored_until_it_is_answered()
    {
        await using var bench = new TestBench();
        bench.Server.Answer = _ => null;   // Register stays without answer
        bench.Start();
        await bench.Network.UntilAsync(() => bench.Server.Device is not null);
        var early = bench.Server.Ask(Message(CoapCode.Get, "/3/0/0", accept: 0));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(bench.Network.Frames, f => f.From == TestBench.DeviceAddress && !f.Text.Contains("POST /rd", StringComparison.Ordinal));
        bench.Server.Answer = bench.Server.Accept;
        await bench.Network.UntilAsync(bench.Client.WhenRegisteredAsync(default));
        Assert.Equal("Acme", Encoding.UTF8.GetString((await bench.Network.UntilAsync(early)).Payload.Span));
    }

    [Fact]
    public async Task Request_that_overtakes_the_answer_to_register_is_answered_without_a_retransmission()
    {
        await using var bench = new TestBench();
        Task<CoapMessage>? early = null;
        bench.Server.Answer = request =>
        {
            // On its way before the answer that it follows from.
            early ??= bench.Server.Ask(Message(CoapCode.Get, "/3/0/0", accept: 0));
            return bench.Server.Accept(request);
        };
        bench.Start();
        await bench.Network.UntilAsync(() => early is not null);
        Assert.Equal("Acme", Encoding.UTF8.GetString((await bench.Network.UntilAsync(early!)).Payload.Span));
        Assert.InRange(bench.Time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task Execute_of_the_update_trigger_is_followed_by_an_update()
    {
        await using var bench = await new TestBench().RegisterAsync();
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Execute(new(1, 0, 8)))).Code);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /rd/r1", bench.Server.LastLine);
    }

    [Fact]
    public async Task Disable_is_answered_then_the_client_stays_away_for_its_time()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var timeout = new Lwm2mPath(1, 0, 5);
        await bench.Server.AskAsync(new Lwm2mRequest.Write(timeout, [new(timeout, 60)]));
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Execute(new(1, 0, 4)))).Code);
        await bench.Network.UntilAsync(() => bench.Server.Requests.Count == 2);
        Assert.Equal("DELETE /rd/r1", bench.Server.LastLine);
        await bench.UntilAsync(RegistrationState.Disabled);
        var ignored = bench.Server.Ask(Message(CoapCode.Get, "/3/0/0"));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(55));
        Assert.Equal(RegistrationState.Disabled, bench.Client.Registrations[0].State);
        Assert.False(ignored.IsCompletedSuccessfully);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(RegistrationState.Registered, bench.Client.Registrations[0].State);
        Assert.Equal(3, bench.Server.Requests.Count);
    }

    [Fact]
    public async Task Lifetime_written_by_the_server_is_told_back()
    {
        await using var bench = await new TestBench().RegisterAsync();
        var lifetime = new Lwm2mPath(1, 0, 1);
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Write(lifetime, [new(lifetime, 120)]))).Code);
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /rd/r1?lt=120", bench.Server.LastLine);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Times_of_the_server_object_are_not_negative(int resource)
    {
        await using var bench = await new TestBench().RegisterAsync();
        var path = new Lwm2mPath(1, 0, resource);
        var before = bench[1].Get(resource);
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.Write(path, [new(path, -7)]));
        Assert.Equal((CoapCode.BadRequest, before), (answer.Code, bench[1].Get(resource)));
        Assert.Contains("-7 seconds", answer.Diagnostic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_values_go_by_blocks_both_ways()
    {
        await using var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        await bench.RegisterAsync();
        var path = new Lwm2mPath(9000, 0, 4);
        var value = Enumerable.Range(0, 5000).Select(i => (byte)i).ToArray();
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Write(path, [new(path, value)]))).Code);
        Assert.Equal((Lwm2mValue)value, bench[9000].Get(4));
        Assert.Equal((Lwm2mValue)value, (await bench.Server.AskAsync(new Lwm2mRequest.Read(path))).Records.Single().Value);
    }

    [Fact]
    public async Task Concurrent_writes_of_a_whole_instance_do_not_mix()
    {
        await using var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        await bench.RegisterAsync();
        var path = new Lwm2mPath(9000, 0);
        var asked = Enumerable.Range(0, 8).Select(i => bench.Server.Ask(OperationCodec.Encode(
            new Lwm2mRequest.Write(path, [new(path.Append(0), i), new(path.Append(1), $"{i}"), new(path.Append(9).Append(i), i)], Format: ContentFormat.SenmlCbor),
            new OperationScope(new CatalogView(TestObjects.Catalog), Lwm2mVersion.V12)))).ToArray();
        foreach (var answer in asked)
        {
            Assert.Equal(CoapCode.Changed, (await bench.Network.UntilAsync(answer)).Code);
        }
        var last = (int)bench[9000].Get(0).AsInteger();
        Assert.Equal((Lwm2mValue)$"{last}", bench[9000].Get(1));
        Assert.Equal([last], ((MultipleResource)bench[9000][9]).Current!.Keys);
    }

    private static CoapMessage Message(CoapCode code, string path, string? query = null, ushort? accept = null, ushort? contentFormat = null, string body = "")
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, path);
        if (contentFormat is { } told)
        {
            options.Add(OptionNumber.ContentFormat, told);
        }
        if (query is not null)
        {
            options.Add(OptionNumber.UriQuery, query);
        }
        if (accept is { } wanted)
        {
            options.Add(OptionNumber.Accept, wanted);
        }
        return new CoapMessage { Code = code, Options = options.Build(), Payload = Encoding.UTF8.GetBytes(body) };
    }
}
