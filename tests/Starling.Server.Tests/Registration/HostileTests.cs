using System.Text;
using Starling.Coap;

namespace Starling.Server.Tests;

/// <summary>Whatever comes is answered, and the registry stays in order.</summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_request_is_answered_and_the_registry_stays_in_order(int seed)
    {
        var random = new Random(seed);
        await using var rig = await ServerRig.StartAsync(new ServerSettings { MaxDevices = 20 });
        var locations = new List<string>();
        for (var i = 0; i < 3000; i++)
        {
            var answer = await rig.AskAsync(Random(random, locations), $"10.0.9.{random.Next(5)}:1");
            Assert.True(answer.Code.IsResponse, $"seed {seed}, request {i}");
            Assert.NotEqual(5 * 32, answer.Code.Value);
            if (answer.Code == CoapCode.Created)
            {
                locations.Add(answer.Location());
            }
        }
        var listed = rig.Server.List(null, 1000);
        Assert.Equal(rig.Server.Count, listed.Count);
        Assert.InRange(listed.Count, 1, 20);
        Assert.Equal(listed.OrderBy(d => d.Key).Select(d => d.Key), listed.Select(d => d.Key));
        Assert.All(listed, d => Assert.Same(d, rig.Server.FindRegistration(d.Registration.Id)));
    }

    [Fact]
    public async Task Random_datagrams_leave_the_server_serving()
    {
        var random = new Random(11);
        await using var rig = await ServerRig.StartAsync();
        var stranger = rig.Network.Host("10.0.66.6:6");
        await stranger.StartAsync(new Nobody(), CancellationToken.None);
        for (var i = 0; i < 2000; i++)
        {
            var datagram = new byte[random.Next(80)];
            random.NextBytes(datagram);
            if (datagram.Length > 3 && random.Next(4) > 0)
            {
                datagram[0] = (byte)(0x40 | (random.Next(4) << 4) | random.Next(9));
                datagram[1] = (byte)random.Next(5);
            }
            stranger.Send(stranger.PeerAt(ServerRig.Address), datagram);
        }
        await rig.Network.RunAsync(TimeSpan.FromSeconds(2));
        var (_, session) = await rig.RegisteredAsync();
        Assert.True(session.IsRegistered);
    }

    [Theory]
    [InlineData(".well-known/core", "2.05")]
    [InlineData(".well-known", "4.04")]
    [InlineData(".well-known/core/x", "4.04")]
    [InlineData("", "4.04")]
    [InlineData("rd", "4.05")]
    [InlineData("rd/AAAAAAAAAAAAAAAA", "4.05")]
    [InlineData("other", "4.04")]
    public async Task Get_is_answered_by_path(string path, string code)
    {
        await using var rig = await ServerRig.StartAsync();
        var answer = await rig.AskAsync(Requests.Get(path));
        Assert.Equal(code, answer.Code.ToString());
        if (answer.Code == CoapCode.Content)
        {
            Assert.Equal(ContentFormat.LinkFormat, answer.Options.ContentFormat);
            Assert.Equal("</rd>;rt=\"core.rd\";ct=40", Encoding.UTF8.GetString(answer.Payload.Span));
        }
    }

    [Fact]
    public async Task Other_paths_go_to_their_own_handler()
    {
        await using var rig = await ServerRig.StartAsync(others: new Echo());
        Assert.Equal(CoapCode.Changed, (await rig.AskAsync(Requests.Post("echo"))).Code);
        Assert.Equal(CoapCode.Created, (await rig.RegisterAsync("ep=a&lt=60&lwm2m=1.1")).Code);
    }

    private static CoapMessage Random(Random random, List<string> locations)
    {
        string[] parameters = ["ep=a", "ep=b", $"ep=d{random.Next(40)}", "lt=60", "lt=99999999999999999999", "lt=", "lwm2m=1.1", "lwm2m=9.9", "b=U", "b=UQS", "Q", "sms=1", "sms", "=", "x"];
        string[] links = ["", "</1/0>,</3/0>", "<", "</65536/0>,</0/0>", "<//>;ver=9.9.9", new string('<', 200), "</lwm2m>;rt=\"oma.lwm2m\",</lwm2m/3/0>"];
        var path = random.Next(4) switch
        {
            0 when locations.Count > 0 => locations[random.Next(locations.Count)],
            1 => $"rd/{random.Next()}",
            _ => "rd",
        };
        var query = string.Join('&', Enumerable.Range(0, random.Next(6)).Select(_ => parameters[random.Next(parameters.Length)]));
        var request = Requests.Post(path, query, links[random.Next(links.Length)]);
        return random.Next(5) switch
        {
            0 => new CoapMessage { Code = new CoapCode((byte)random.Next(1, 8)), Options = request.Options, Payload = request.Payload },
            1 => new CoapMessage { Code = request.Code, Options = request.Options, Payload = Bytes(random) },
            _ => request,
        };
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(100)];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed class Echo : ICoapHandler
    {
        public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel) =>
            ValueTask.FromResult<CoapMessage?>(CoapMessage.Response(CoapCode.Changed));
    }

    private sealed class Nobody : IDatagramSink
    {
        public void OnDatagram(Peer peer, Span<byte> datagram) { }
        public void OnPeerMoved(Peer peer, PeerAddress from) { }
        public void OnPeerLost(Peer peer, PeerLoss loss) { }
    }
}
