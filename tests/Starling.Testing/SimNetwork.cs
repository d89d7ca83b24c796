using Starling.Coap;

namespace Starling.Testing;

/// <summary>
/// A network of named hosts on fake time that loses, delays, doubles and reorders as its seed says. The same seed and the same
/// sends give the same run. Every datagram is kept for asserting and for printing.
/// </summary>
public sealed class SimNetwork
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SimChannel> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly List<SimFrame> _frames = [];
    private readonly Random _random;

    /// <summary>Makes a network without hosts.</summary>
    /// <param name="time">The time that datagrams travel on.</param>
    /// <param name="seed">What all chance comes from: print it when a test fails.</param>
    /// <param name="conditions">What happens to datagrams; nothing bad when left out.</param>
    public SimNetwork(ManualTime time, int seed = 1, SimConditions? conditions = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        Time = time;
        Seed = seed;
        Conditions = conditions ?? SimConditions.Perfect;
        _random = new Random(seed);
    }

    /// <summary>The time that datagrams travel on.</summary>
    public ManualTime Time { get; }

    /// <summary>What all chance comes from.</summary>
    public int Seed { get; }

    /// <summary>What happens to datagrams that are sent from now on.</summary>
    public SimConditions Conditions { get; set; }

    /// <summary>Decides the fate of single datagrams besides chance: true loses it. Its <see cref="SimFrame.Arrivals"/> are not known then.</summary>
    public Func<SimFrame, bool>? Lose { get; set; }

    /// <summary>Every datagram that was sent, in order.</summary>
    public IReadOnlyList<SimFrame> Frames
    {
        get
        {
            lock (_lock)
            {
                return [.. _frames];
            }
        }
    }

    /// <summary>Puts a host on the network.</summary>
    /// <param name="address">Its address: <c>10.0.0.1:5683</c>.</param>
    public SimChannel Host(string address)
    {
        lock (_lock)
        {
            var channel = new SimChannel(this, address);
            return _hosts.TryAdd(address, channel)
                ? channel
                : throw new IOException($"The address {address} is in use on this network.");
        }
    }

    /// <summary>Gives a host a name that others connect by, as DNS does.</summary>
    /// <param name="name">The name: <c>server.example.com</c>.</param>
    /// <param name="host">Its address without the port: <c>10.0.0.1</c>.</param>
    public void Name(string name, string host)
    {
        lock (_lock)
        {
            _names[name] = host;
        }
    }

    /// <summary>Gives a host another address, as a NAT does: its peers see a stranger. What is under way to the old address is lost.</summary>
    public void Move(SimChannel host, string address)
    {
        ArgumentNullException.ThrowIfNull(host);
        lock (_lock)
        {
            _hosts.Remove(host.Host);
            _hosts.Add(address, host);
            host.Host = address;
        }
    }

    /// <summary>A raw CoAP peer that follows a script, at <paramref name="address"/> and talking to <paramref name="other"/>.</summary>
    public Lockstep Lockstep(string address, string other) => new(this, Host(address), other);

    /// <summary>What was sent so far, drawn as a ladder.</summary>
    public string Ladder() => LadderText.Draw(Frames);

    /// <summary>
    /// Advances the time from timer to timer until the condition holds. Work on the thread pool gets its turn between two steps.
    /// </summary>
    /// <exception cref="ScriptException">The condition does not hold after <paramref name="within"/> (default 300 s of simulated time).</exception>
    public async Task UntilAsync(Func<bool> condition, TimeSpan? within = null, string what = "the condition")
    {
        ArgumentNullException.ThrowIfNull(condition);
        var deadline = Time.Elapsed + (within ?? TimeSpan.FromSeconds(300));
        while (!condition())
        {
            await Settling.SettleAsync();
            if (!condition() && !Time.AdvanceToNext(deadline - Time.Elapsed))
            {
                Time.Advance(deadline - Time.Elapsed);
                await Settling.SettleAsync();
                if (!condition())
                {
                    throw new ScriptException($"Waited for {what} until {deadline.TotalSeconds:0.000} s, seed {Seed}:\n{Ladder()}");
                }
            }
        }
    }

    /// <summary>Advances until a task has ended and gives its result.</summary>
    public async Task<T> UntilAsync<T>(Task<T> task, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        await UntilAsync(() => task.IsCompleted, within, "the task");
        return await task;
    }

    /// <summary>Advances until a task has ended.</summary>
    public async Task UntilAsync(Task task, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        await UntilAsync(() => task.IsCompleted, within, "the task");
        await task;
    }

    /// <summary>Runs for a span of simulated time, from timer to timer.</summary>
    public async Task RunAsync(TimeSpan span)
    {
        var deadline = Time.Elapsed + span;
        await Settling.SettleAsync();
        while (Time.AdvanceToNext(deadline - Time.Elapsed))
        {
            await Settling.SettleAsync();
        }
        Time.Advance(deadline - Time.Elapsed);
        await Settling.SettleAsync();
    }

    internal string Resolve(string name)
    {
        lock (_lock)
        {
            return _names.GetValueOrDefault(name, name);
        }
    }

    internal void Transmit(string from, string to, ReadOnlySpan<byte> datagram)
    {
        var bytes = datagram.ToArray();
        SimFrame frame;
        lock (_lock)
        {
            frame = Judge(new SimFrame(_frames.Count + 1, Time.Elapsed, from, to, bytes, [], null));
            _frames.Add(frame);
        }
        foreach (var arrival in frame.Arrivals)
        {
            Time.CreateTimer(_ => Deliver(frame, bytes), null, arrival - frame.At, Timeout.InfiniteTimeSpan);
        }
    }

    internal void Remove(SimChannel channel)
    {
        lock (_lock)
        {
            if (_hosts.GetValueOrDefault(channel.Host) == channel)
            {
                _hosts.Remove(channel.Host);
            }
        }
    }

    // The same number of draws for every frame, so that the fate of one does not shift the chances of the next.
    private SimFrame Judge(SimFrame frame)
    {
        var (loss, duplication, first, second) = (_random.NextDouble(), _random.NextDouble(), Travel(), Travel());
        if (Lose?.Invoke(frame) == true)
        {
            return frame with { Lost = "by script" };
        }
        if (loss < Conditions.Loss)
        {
            return frame with { Lost = "by chance" };
        }
        var arrivals = duplication < Conditions.Duplication ? new[] { frame.At + first, frame.At + second } : [frame.At + first];
        return frame with { Arrivals = arrivals };
    }

    private TimeSpan Travel()
    {
        var (jitter, reorder) = (_random.NextDouble(), _random.NextDouble());
        return Conditions.Delay + (Conditions.Jitter * jitter) + (reorder < Conditions.Reordering ? Conditions.ReorderDelay : TimeSpan.Zero);
    }

    private void Deliver(SimFrame frame, byte[] bytes)
    {
        SimChannel? host;
        lock (_lock)
        {
            host = _hosts.GetValueOrDefault(frame.To);
        }
        // The sink may write into what it gets: every copy is its own.
        host?.Deliver(frame.From, [.. bytes]);
    }
}
