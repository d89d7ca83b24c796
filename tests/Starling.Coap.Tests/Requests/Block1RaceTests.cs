using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>Copies of a block arrive on several threads at once.</summary>
public sealed class Block1RaceTests
{
    // Many threads hand in the same blocks at the same time: whatever order they win in, each byte is written once.
    [Fact]
    public async Task Blocks_that_come_at_the_same_time_are_written_once()
    {
        for (var round = 0; round < 20; round++)
        {
            await using var scene = new Scene(handler: new TestHandler { RunsInline = false });
            var bodies = 0;
            scene.Handler.Answer(request =>
            {
                Assert.Equal(Scene.Bytes(512), request.Payload.ToArray());
                Interlocked.Increment(ref bodies);
                return CoapMessage.Response(CoapCode.Changed);
            });
            var peer = scene.Channel.PeerAt("10.0.0.1:1");
            ushort id = 0;
            for (var block = 0; block < 8; block++)
            {
                var copies = Enumerable.Range(0, 4).Select(_ => Datagram(++id, block)).ToArray();
                Threads.Run(copies.Length, i => scene.Layer.OnDatagram(peer, copies[i]));
                await Settling.SettleAsync();
            }
            Assert.Equal(0, scene.Telemetry.HandlerFailures);
            Assert.Equal(1, bodies);
        }
    }

    private static byte[] Datagram(ushort id, int block)
    {
        var options = Scene.Get("/a").Options.With(OptionNumber.Block1, new BlockOption(block, block < 7, 2).Value);
        var message = new CoapMessage { Code = CoapCode.Put, Options = options, Payload = Scene.Bytes(512).AsMemory(block * 64, 64) };
        var bytes = new byte[CoapWriter.SizeOf(message, default)];
        CoapWriter.Write(bytes, MessageType.Confirmable, id, default, message);
        return bytes;
    }
}
