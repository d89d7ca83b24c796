using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

/// <summary>Whatever a server sends, the client answers with a code that says so, and stays what it is.</summary>
public class HostileRequestTests
{
    private static readonly ushort[] _formats = [0, 40, 42, 60, 110, 112, 320, 11542, 11543, 11544, 1541, 1542, 65535];
    private static readonly string[] _queries = ["pmin=1", "pmin", "pmin=-1", "gt=1e308", "lt=nan", "st=0", "depth=2", "x", "", "pmin=1&pmax", "gt=\u0663"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_requests_get_an_answer_and_leave_the_client_whole(int seed)
    {
        await using var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        bench.Start();
        bench.Client.Objects.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything) { MaxInstances = 5 });
        await bench.Network.UntilAsync(bench.Client.WhenRegisteredAsync(default));
        var random = new Random(seed);
        for (var i = 0; i < 4000; i++)
        {
            var request = Next(random);
            var answer = await ((ICoapHandler)bench.Client).HandleAsync(bench.ServerAsPeer, request, default);
            Assert.True(answer is { Code.Class: 2 or 4 }, $"seed {seed}, number {i}: {request} gave {answer}");
        }
        Assert.InRange(bench.Client.Objects.FindObject(9000)!.Instances.Length, 0, 5);
        Assert.InRange(bench.Client.ObservationCount, 0, bench.Settings.ObservationsPerServer);
        var read = await ((ICoapHandler)bench.Client).HandleAsync(bench.ServerAsPeer, OperationCodec.Encode(new Lwm2mRequest.Read(new(3, 0, 0)), new OperationScope(CatalogView.Empty, Lwm2mVersion.V12)), default);
        Assert.Equal(CoapCode.Content, read!.Code);
    }

    private static CoapMessage Next(Random random)
    {
        var options = new CoapOptionsBuilder();
        if (random.Next(4) == 0)
        {
            options.Add(OptionNumber.Observe, (uint)random.Next(3));
        }
        for (var depth = random.Next(6); depth > 0; depth--)
        {
            options.Add(OptionNumber.UriPath, Segment(random));
        }
        if (random.Next(2) == 0)
        {
            options.Add(OptionNumber.ContentFormat, _formats[random.Next(_formats.Length)]);
        }
        if (random.Next(4) == 0)
        {
            options.Add(OptionNumber.UriQuery, _queries[random.Next(_queries.Length)]);
        }
        if (random.Next(2) == 0)
        {
            options.Add(OptionNumber.Accept, _formats[random.Next(_formats.Length)]);
        }
        var payload = new byte[random.Next(3) == 0 ? 0 : random.Next(40)];
        random.NextBytes(payload);
        return new CoapMessage
        {
            Code = new CoapCode((byte)random.Next(1, 8)),
            Token = new CoapToken((ulong)random.NextInt64(), 8),
            Options = options.Build(),
            Payload = random.Next(3) == 0 ? "\xc1\x00\x05"u8.ToArray() : payload,
        };
    }

    // Mostly paths that lead somewhere: what is not there is refused soon.
    private static string Segment(Random random) => random.Next(10) switch
    {
        0 => "",
        1 => "x",
        2 => "65535",
        3 => "-1",
        4 => "3",
        5 or 6 => "9000",
        _ => $"{random.Next(14)}",
    };
}
