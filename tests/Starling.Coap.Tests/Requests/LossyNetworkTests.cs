using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Starling.Testing;

namespace Starling.Coap.Tests;

/// <summary>What holds on any network that loses, doubles and reorders. A failure names its seed.</summary>
public sealed class LossyNetworkTests
{
    public static TheoryData<int> Seeds(int count)
    {
        var seeds = new TheoryData<int>();
        foreach (var seed in Enumerable.Range(1, count))
        {
            seeds.Add(seed);
        }
        return seeds;
    }

    // RFC 7252 §4.5: each request is carried out at most once; each ends in one response or one failure; a response means exactly once.
    [Theory]
    [MemberData(nameof(Seeds), 40)]
    public async Task Request_is_carried_out_at_most_once_and_ends_once(int seed)
    {
        var random = new Random(seed);
        await using var pair = new Pair(seed, Weather(random, 0.9), inline: random.Next(2) == 0);
        var done = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        pair.ServerHandler.Handle = async (_, request, cancel) =>
        {
            var id = Encoding.ASCII.GetString(request.Payload.Span);
            done.AddOrUpdate(id, 1, (_, n) => n + 1);
            var wait = (id.GetHashCode(StringComparison.Ordinal) & 7) switch { 0 => 20_000, 1 => 900, 2 => 300, _ => 0 };
            if (wait > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(wait), pair.Network.Time, cancel).ConfigureAwait(false);
            }
            return Scene.Content(id);
        };
        var requests = Enumerable.Range(0, 12).Select(i => $"{seed}-{i}").Select(id => (Id: id, Task: Pair.Outcome(
            pair.Client.RequestAsync(pair.ToServer, Scene.Message(CoapCode.Post, "/x", Encoding.ASCII.GetBytes(id)), CancellationToken.None)))).ToArray();
        await pair.Network.UntilAsync(Task.WhenAll(requests.Select(r => r.Task)), TimeSpan.FromHours(1));
        await pair.AssertNothingIsLeftAsync();
        foreach (var (id, task) in requests)
        {
            var (response, failure) = await task;
            var times = done.GetValueOrDefault(id);
            Assert.True(times <= 1, $"seed {seed}: {id} was carried out {times} times\n{pair.Network.Ladder()}");
            Assert.True(response is null != failure is null);
            Assert.True(response is null || (times == 1 && Encoding.ASCII.GetString(response.Payload.Span) == id), $"seed {seed}: {id} got another's response");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds), 25)]
    public async Task Bodies_arrive_as_they_were_sent(int seed)
    {
        var random = new Random(seed);
        var conditions = SimConditions.Rough with { Reordering = 0.1 };
        var settings = new CoapSettings { Transmission = Transmission.Default with { PreferredBlockSize = 16 << random.Next(7) } };
        await using var pair = new Pair(seed, conditions, settings, inline: random.Next(2) == 0);
        pair.ServerHandler.Answer(request => new CoapMessage { Code = CoapCode.Content, Payload = Answer(request) });
        var whole = 0;
        for (var i = 0; i < 6; i++)
        {
            var body = Scene.Bytes(random.Next(random.Next(2) == 0 ? 40 : 800), (seed * 100) + i);
            var code = random.Next(3) switch { 0 => CoapCode.Put, 1 => CoapCode.Fetch, _ => CoapCode.Post };
            var outcome = Pair.Outcome(pair.Client.RequestAsync(pair.ToServer, Scene.Message(code, $"/{i}", body), CancellationToken.None));
            var (response, _) = await pair.Network.UntilAsync(outcome, TimeSpan.FromHours(2));
            if (response?.Code == CoapCode.Content)
            {
                Assert.True(response.Payload.Span.SequenceEqual(Answer(body)), $"seed {seed}: body {i}");
                whole++;
            }
            else
            {
                // A transfer may fail on such a network: an exchange given up, or a block that the server has then never seen.
                Assert.True(response is null || response.Code == CoapCode.RequestEntityIncomplete, $"seed {seed}: {response}");
            }
        }
        Assert.True(whole > 0, $"seed {seed}: nothing arrived");
        foreach (var request in pair.ServerHandler.Requests)
        {
            var i = int.Parse(request.Options.UriPath[1..], CultureInfo.InvariantCulture);
            var sent = Scene.Bytes(request.Payload.Length, (seed * 100) + i);
            Assert.True(request.Payload.Span.SequenceEqual(sent), $"seed {seed}: the server was given another body than was sent as {i}");
        }
        await pair.AssertNothingIsLeftAsync();

        static byte[] Answer(object of) => [.. (of is CoapMessage m ? m.Payload.ToArray() : (byte[])of).Reverse(), 1, 2, 3];
    }

    // RFC 7641 §1.3: what the observer believes is never older than what it believed before, and in the end it is the last state.
    [Theory]
    [MemberData(nameof(Seeds), 25)]
    public async Task Observer_goes_forward_only_and_ends_with_the_last_state(int seed)
    {
        var random = new Random(seed);
        await using var pair = new Pair(seed, Weather(random, 0.4));
        var token = pair.Client.NewToken();
        var observe = Scene.Message(CoapCode.Get, "/t", token: token, observe: 0);
        pair.ClientHandler.Knows(token, observe);
        var sequence = (uint)random.Next(1 << 24);
        var first = sequence;
        pair.ServerHandler.Answer(_ => State(first, 0));
        var registration = Pair.Outcome(pair.Client.RequestAsync(pair.ToServer, observe, CancellationToken.None));
        var (registered, _) = await pair.Network.UntilAsync(registration, TimeSpan.FromHours(1));
        if (registered is null)
        {
            return;   // the network was too bad even for that
        }
        var outcome = DeliveryOutcome.TimedOut;
        for (var i = 1; i <= 30; i++)
        {
            sequence = (sequence + 1) & ObserveSequence.Max;
            var delivery = i == 30 || random.Next(4) == 0 ? Delivery.Confirmable : Delivery.NonConfirmable;
            var notified = pair.Server.NotifyAsync(pair.ToClient, observe, State(sequence, i), delivery, CancellationToken.None).AsTask();
            await pair.Network.RunAsync(TimeSpan.FromMilliseconds(random.Next(300)));
            if (i == 30)
            {
                outcome = await pair.Network.UntilAsync(notified, TimeSpan.FromHours(1));
            }
        }
        await pair.Network.RunAsync(TimeSpan.FromSeconds(5));
        var (last, value) = (registered.Options.Observe!.Value, 0);
        foreach (var notification in pair.ClientHandler.Notifications)
        {
            var next = notification.Options.Observe!.Value;
            if (ObserveSequence.IsFresher(last, next, TimeSpan.Zero))
            {
                var newer = int.Parse(notification.Payload.Span, CultureInfo.InvariantCulture);
                Assert.True(newer > value, $"seed {seed}: {newer} after {value}");
                (last, value) = (next, newer);
            }
        }
        Assert.True(outcome != DeliveryOutcome.Acknowledged || value == 30, $"seed {seed}: {value} is what the observer believes\n{pair.Network.Ladder()}");
        Assert.Empty(pair.ServerHandler.Resets);
        await pair.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Network_that_loses_everything_fails_every_request()
    {
        await using var pair = new Pair(1, new SimConditions { Loss = 1 });
        var requests = Enumerable.Range(0, 3).Select(i => Pair.Outcome(pair.Client.RequestAsync(pair.ToServer, Scene.Get($"/{i}"), CancellationToken.None))).ToArray();
        await pair.Network.UntilAsync(Task.WhenAll(requests), TimeSpan.FromHours(1));
        Assert.All(requests, r => Assert.IsType<CoapTimeoutException>(r.Result.Failure));
        Assert.Empty(pair.ServerHandler.Requests);
        await pair.AssertNothingIsLeftAsync();
    }

    private static SimConditions Weather(Random random, double worst) => new()
    {
        Loss = random.NextDouble() * worst,
        Duplication = random.NextDouble() * 0.5,
        Reordering = random.NextDouble() * 0.5,
        Jitter = TimeSpan.FromMilliseconds(random.Next(3000)),
        ReorderDelay = TimeSpan.FromMilliseconds(random.Next(5000)),
    };

    private static CoapMessage State(uint sequence, int value) => new()
    {
        Code = CoapCode.Content,
        Options = CoapOptions.None.With(OptionNumber.Observe, sequence),
        Payload = Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)),
    };
}
