using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>CVE-2020-3162 and its like: no datagram whatever stops the endpoint or makes it keep something for ever.</summary>
public sealed class EndpointSurvivalTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Endpoint_serves_on_after_any_datagrams(int seed, bool inline)
    {
        var settings = Scene.Plain with { Blockwise = new() { TransferBytes = 100_000, IdleTimeout = 60 * _second } };
        await using var scene = new Scene(settings, seed, handler: new TestHandler { RunsInline = inline });
        scene.Channel.AddressesMayBeForged = true;
        scene.Handler.Answer(request => (request.Payload.Length % 3) switch
        {
            0 => new CoapMessage { Code = CoapCode.Content, Payload = Scene.Bytes(700) },
            1 => CoapMessage.Error(CoapCode.BadRequest, "no"),
            _ => Scene.Content("yes"),
        });
        var random = new Random(seed);
        var peers = Enumerable.Range(0, 20).Select(i => scene.Channel.PeerAt($"10.9.0.{i}:5683")).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            scene.Layer.OnDatagram(peers[random.Next(peers.Length)], Hostile(random));
            if (i % 500 == 0)
            {
                await scene.Network.RunAsync(TimeSpan.FromMilliseconds(random.Next(2000)));
            }
        }
        Assert.True(scene.Telemetry.Malformed > 1000 && scene.Telemetry.Duplicates > 100 && scene.Telemetry.BadOptions > 100);
        Assert.Equal(0, scene.Telemetry.HandlerFailures);
        Assert.InRange(scene.Endpoint.TransferBytes, 0, 100_000);
        await scene.Network.RunAsync(400 * _second);
        Assert.Equal(0, scene.Endpoint.TransferBytes);
        Assert.All(peers, p => Assert.False(p.IsHeld));
        var friend = scene.Script();
        friend.Send("CON [0x0001] GET /a T=01 \"xx\"");
        await friend.ExpectAsync("ACK [0x0001] 2.05 T=01 \"yes\"");
    }

    // Half nonsense, half messages of which a byte or two are nonsense.
    private static byte[] Hostile(Random random)
    {
        if (random.Next(3) == 0)
        {
            var noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            return noise;
        }
        var builder = new CoapOptionsBuilder();
        if (random.Next(2) == 0)
        {
            builder.Add(OptionNumber.Observe, (uint)random.Next(3));
        }
        builder.AddPath(OptionNumber.UriPath, $"/{random.Next(3)}");
        if (random.Next(3) == 0)
        {
            builder.Add(OptionNumber.Block2, new BlockOption(random.Next(12), false, random.Next(8)).Value);
        }
        var block1 = random.Next(3) == 0 ? new BlockOption(random.Next(4), random.Next(2) == 0, random.Next(3)) : (BlockOption?)null;
        if (block1 is { } block)
        {
            builder.Add(OptionNumber.Block1, block.Value);
        }
        var message = new CoapMessage
        {
            Code = random.Next(5) == 0 ? new CoapCode((byte)random.Next(256)) : new CoapCode(0, random.Next(1, 8)),
            Options = builder.Build(),
            Payload = new byte[block1?.Size ?? random.Next(40)],
        };
        var token = CoapToken.From(new byte[random.Next(9)]);
        var bytes = new byte[CoapWriter.SizeOf(message, token)];
        CoapWriter.Write(bytes, (MessageType)random.Next(4), (ushort)random.Next(50), token, message);
        for (var i = random.Next(4) == 0 ? random.Next(1, 3) : 0; i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }
        return random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
