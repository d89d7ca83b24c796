using Fate = Starling.Coap.DuplicateWindow.Fate;

namespace Starling.Coap.Tests;

public sealed class DuplicateWindowTests
{
    private const uint Lifetime = 247;

    [Fact]
    public void Message_id_is_known_until_its_lifetime_ends()
    {
        var window = new DuplicateWindow();
        window.Add(7, second: 100, Lifetime, limit: 8);
        Assert.True(window.TryFind(7, 346, Lifetime, out _));
        Assert.False(window.TryFind(7, 347, Lifetime, out _));
        Assert.False(window.TryFind(8, 100, Lifetime, out _));
    }

    [Fact]
    public void Clock_of_seconds_may_wrap()
    {
        var window = new DuplicateWindow();
        window.Add(7, uint.MaxValue - 10, Lifetime, limit: 8);
        Assert.True(window.TryFind(7, 200, Lifetime, out _));
        Assert.False(window.TryFind(7, 240, Lifetime, out _));
    }

    [Fact]
    public void Settled_fate_is_found_again()
    {
        var window = new DuplicateWindow();
        window.Add(7, 0, Lifetime, 8);
        Assert.True(window.TryFind(7, 0, Lifetime, out var seen) && seen is { Fate: Fate.Pending, Position: -1 });
        window.Settle(7, Fate.Replied, 4711);
        Assert.True(window.TryFind(7, 0, Lifetime, out seen) && seen is { Fate: Fate.Replied, Position: 4711 });
        window.Settle(8, Fate.Reset);   // unknown: nothing happens
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(64)]
    public void Oldest_is_forgotten_at_the_limit(int limit)
    {
        var window = new DuplicateWindow();
        for (ushort id = 0; id < 200; id++)
        {
            window.Add(id, 0, Lifetime, limit);
            window.Settle(id, Fate.Acknowledged);
            Assert.Equal(Math.Min(id + 1, limit), window.Count);
        }
        for (ushort id = 0; id < 200; id++)
        {
            Assert.Equal(id >= 200 - limit, window.TryFind(id, 0, Lifetime, out _));
        }
    }

    // Forgetting a request that is still being carried out would let its copy be carried out a second time.
    [Theory]
    [InlineData(Fate.Pending)]
    [InlineData(Fate.Promised)]
    public void Message_that_is_worked_on_is_not_forgotten(object fate)
    {
        var window = new DuplicateWindow();
        window.Add(1, 0, Lifetime, 4);
        window.Settle(1, (Fate)fate);
        for (ushort id = 2; id < 50; id++)
        {
            window.Add(id, 0, Lifetime, 4);
            window.Settle(id, Fate.Replied);
        }
        Assert.True(window.TryFind(1, 0, Lifetime, out _));
        Assert.True(window.TryFind(49, 0, Lifetime, out _) && window.TryFind(47, 0, Lifetime, out _));
        Assert.False(window.TryFind(46, 0, Lifetime, out _));
    }

    [Fact]
    public void Newcomer_is_not_remembered_while_all_are_worked_on()
    {
        var window = new DuplicateWindow();
        window.Add(1, 0, Lifetime, 2);
        window.Add(2, 0, Lifetime, 2);
        window.Add(3, 0, Lifetime, 2);
        Assert.False(window.TryFind(3, 0, Lifetime, out _));
        Assert.True(window.TryFind(1, 0, Lifetime, out _) && window.TryFind(2, 0, Lifetime, out _));
    }

    [Fact]
    public void Expired_one_makes_room_before_the_window_grows()
    {
        var window = new DuplicateWindow();
        for (uint second = 0; second < 10_000; second += 250)
        {
            window.Add((ushort)second, second, Lifetime, 8);
            window.Settle((ushort)second, Fate.Replied);
            Assert.Equal(1, window.Count);
        }
    }

    [Fact]
    public void Forgotten_message_is_looked_at_anew()
    {
        var window = new DuplicateWindow();
        window.Add(1, 0, Lifetime, 8);
        window.Add(2, 0, Lifetime, 8);
        window.Forget(1);
        window.Forget(9);
        Assert.False(window.TryFind(1, 0, Lifetime, out _));
        Assert.True(window.TryFind(2, 0, Lifetime, out _));
    }

    [Fact]
    public void Window_agrees_with_a_list()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var window = new DuplicateWindow();
            var model = new List<(ushort Id, uint Second, Fate Fate)>();
            var limit = random.Next(1, 10);
            uint now = 0;
            for (var step = 0; step < 200; step++)
            {
                now += (uint)random.Next(40);
                var id = (ushort)random.Next(12);
                var known = model.FindLastIndex(e => e.Id == id && now - e.Second < Lifetime);
                Assert.True(window.TryFind(id, now, Lifetime, out _) == known >= 0, $"seed {seed}, step {step}");
                if (known >= 0)
                {
                    var fate = (Fate)random.Next(6);
                    window.Settle(id, fate);
                    model[known] = model[known] with { Fate = fate };
                    continue;
                }
                window.Add(id, now, Lifetime, limit);
                var makesRoom = model.Count > 0 && (now - model[0].Second >= Lifetime || model.Count >= limit);
                var victim = model.FindIndex(e => e.Fate > Fate.Promised || now - e.Second >= Lifetime);
                if (!makesRoom || victim >= 0)
                {
                    if (makesRoom)
                    {
                        model.RemoveAt(victim);
                    }
                    model.Add((id, now, Fate.Pending));
                }
                Assert.Equal(model.Count, window.Count);
            }
        }
    }
}
