using Starling.Coap;
using Starling.Dtls;
using Starling.Testing;
using Starling.Transports;

namespace Starling.Secured.Tests;

/// <summary>Devices with little memory set a limit on records (RFC 6066 §4, RFC 8449): what is said to them has to fit, and so has what they say.</summary>
public sealed class SmallRecordTests
{
    [Theory]
    [InlineData(512, 16384)]
    [InlineData(0, 256)]
    [InlineData(0, 64)]
    public async Task Bodies_go_in_blocks_that_fit_into_a_record(int fragment, int record)
    {
        var time = new ManualTime();
        var network = new SimNetwork(time);
        var (above, below) = (new Larder(), new Larder());
        var server = new DtlsChannel(network.Host(SessionRig.Address), new DtlsChannelSettings(), time,
            new DtlsServer(new DtlsOwnKeys { AcceptsPreSharedKeys = true }, new Keys().With("dev-1", SessionRig.Key)));
        var small = new DtlsSettings { Suites = DtlsSettings.ClientSuites, MaxFragmentLength = fragment, RecordSizeLimit = record };
        var client = new DtlsChannel(network.Host("10.0.1.1:4000"), new DtlsChannelSettings { Dtls = small }, time);
        await using var upper = new CoapEndpoint([new MessageLayer(server, new CoapSettings(), time)], above, new CoapSettings(), time);
        await using var lower = new CoapEndpoint([new MessageLayer(client, new CoapSettings(), time)], below, new CoapSettings(), time);
        await upper.StartAsync(CancellationToken.None);
        await lower.StartAsync(CancellationToken.None);
        var peer = await network.UntilAsync(lower.ConnectAsync(SessionRig.Target(), CancellationToken.None).AsTask());
        var body = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();

        var stored = await network.UntilAsync(lower.RequestAsync(peer, Put(body), CancellationToken.None).AsTask());
        var written = await network.UntilAsync(upper.RequestAsync(above.From!, Put(body), CancellationToken.None).AsTask());
        var read = await network.UntilAsync(upper.RequestAsync(above.From!, new CoapMessage { Code = CoapCode.Get }, CancellationToken.None).AsTask());

        Assert.Equal((CoapCode.Changed, CoapCode.Changed, CoapCode.Content), (stored.Code, written.Code, read.Code));
        Assert.Equal(body, above.Kept);
        Assert.Equal(body, below.Kept);
        Assert.Equal(body, read.Payload.ToArray());
        Assert.Equal((0L, 0L), (server.Counters.SendsDropped, client.Counters.SendsDropped));
    }

    private static CoapMessage Put(byte[] body) => new() { Code = CoapCode.Put, Payload = body };

    /// <summary>Keeps what is put, and gives it back.</summary>
    private sealed class Larder : ICoapHandler
    {
        public byte[] Kept { get; private set; } = [];

        public Peer? From { get; private set; }

        public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
        {
            From = peer;
            if (request.Code == CoapCode.Get)
            {
                return ValueTask.FromResult<CoapMessage?>(new CoapMessage { Code = CoapCode.Content, Payload = Kept });
            }
            Kept = request.Payload.ToArray();
            return ValueTask.FromResult<CoapMessage?>(CoapMessage.Response(CoapCode.Changed));
        }
    }
}
