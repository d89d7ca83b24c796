namespace Starling.Coap.Tests;

public sealed class ReplyLogTests
{
    private readonly CoapTelemetry _telemetry = new();

    [Fact]
    public void Reply_is_read_as_it_was_kept()
    {
        var log = new ReplyLog(1 << 20, _telemetry);
        var kept = Enumerable.Range(0, 500).Select(i => (Bytes: Scene.Bytes(i % 300, i), Position: 0L)).ToArray();
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i].Position = log.Append(kept[i].Bytes, 0, 247);
        }
        var buffer = new byte[300];
        Assert.All(kept, k => Assert.Equal(k.Bytes, buffer[..log.Read(k.Position, buffer)]));
        Assert.Equal(0, _telemetry.ForgottenReplies);
    }

    [Fact]
    public void Oldest_replies_go_when_the_limit_is_reached_and_are_counted()
    {
        var log = new ReplyLog(2048, _telemetry);
        var positions = Enumerable.Range(0, 100).Select(i => log.Append(Scene.Bytes(94, i), 0, 247)).ToArray();   // 100 bytes each with the header
        var buffer = new byte[94];
        Assert.Equal(20, positions.Count(p => log.Read(p, buffer) == 94));
        Assert.Equal(80, _telemetry.ForgottenReplies);
        Assert.Equal(Scene.Bytes(94, 99), buffer[..log.Read(positions[99], buffer)]);
    }

    [Fact]
    public void Expired_replies_make_room_without_being_missed()
    {
        var log = new ReplyLog(2048, _telemetry);
        for (uint second = 0; second < 20_000; second += 20)
        {
            Assert.True(log.Append(Scene.Bytes(94), second, 247) >= 0);
        }
        Assert.Equal(0, _telemetry.ForgottenReplies);
    }

    [Fact]
    public void Reply_larger_than_the_log_is_refused_and_counted()
    {
        var log = new ReplyLog(200, _telemetry);   // 128 of them
        Assert.Equal(-1, log.Append(new byte[123], 0, 247));
        Assert.True(log.Append(new byte[122], 0, 247) >= 0);
        Assert.Equal(-1, new ReplyLog(1 << 20, _telemetry).Append(new byte[ushort.MaxValue + 1], 0, 247));
        Assert.Equal(-1, new ReplyLog(0, _telemetry).Append([], 0, 247));
        Assert.Equal(3, _telemetry.ForgottenReplies);
    }

    [Fact]
    public void Nothing_is_read_at_places_that_were_never_given()
    {
        var log = new ReplyLog(4096, _telemetry);
        Assert.Equal(-1, log.Read(0, new byte[10]));
        var position = log.Append(new byte[10], 0, 247);
        Assert.Equal(-1, log.Read(-1, new byte[10]));
        Assert.Equal(-1, log.Read(position + 16, new byte[10]));
        Assert.Equal(-1, log.Read(position, new byte[9]));
        Assert.Equal(10, log.Read(position, new byte[10]));
    }

    // The ring wraps and grows at any moment; every reply that has not been forgotten is byte for byte what was kept.
    [Fact]
    public void Any_sequence_of_replies_survives_wrapping_and_growing()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var limit = random.Next(500, 9000);
            var telemetry = new CoapTelemetry();
            var log = new ReplyLog(limit, telemetry);
            var kept = new List<(long Position, byte[] Bytes, uint Second)>();
            uint now = 0;
            for (var i = 0; i < 400; i++)
            {
                now += (uint)random.Next(3);
                var bytes = Scene.Bytes(random.Next(400), i);
                kept.Add((log.Append(bytes, now, 100), bytes, now));
            }
            var buffer = new byte[400];
            var alive = 0;
            var gone = true;
            foreach (var (position, bytes, _) in kept)
            {
                var length = log.Read(position, buffer);
                Assert.True(length >= 0 || gone, $"seed {seed}: a hole");
                if (length >= 0)
                {
                    gone = false;
                    alive++;
                    Assert.Equal(bytes, buffer[..length]);
                }
            }
            Assert.True(alive > 0, $"seed {seed}");
        }
    }
}
