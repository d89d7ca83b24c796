using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class SendTests
{
    private static readonly Lwm2mPath _level = new(3, 0, 9);

    [Fact]
    public async Task Paths_are_sent_with_their_values()
    {
        await using var bench = await RegisteredAsync();
        var result = await bench.Network.UntilAsync(bench.Client.SendAsync([new Lwm2mPath(3, 0, 0), _level], default));
        Assert.Equal((SendOutcome.Delivered, CoapCode.Changed, 1), (result[0].Outcome, result[0].Code!.Value, result[0].ShortServerId));
        Assert.Empty(result[0].LeftOut);
        var sent = Assert.Single(Sent(bench));
        Assert.Equal([(new Lwm2mPath(3, 0, 0), "Acme"), (_level, "55")], sent.Select(r => (r.Path, r.Value.ToString())));
        Assert.All(sent, r => Assert.Null(r.Time));
    }

    [Fact]
    public async Task History_is_sent_with_its_times()
    {
        await using var bench = await RegisteredAsync();
        var start = new DateTimeOffset(2029, 12, 31, 0, 0, 0, TimeSpan.Zero);
        Lwm2mRecord[] history = [new(_level, 90, start), new(_level, 80, start.AddHours(1)), new(_level, 70)];
        var result = await bench.Network.UntilAsync(bench.Client.SendAsync(history, default, ContentFormat.SenmlJson));
        Assert.Equal(SendOutcome.Delivered, result[0].Outcome);
        Assert.Equal(history, Assert.Single(Sent(bench)));
    }

    [Fact]
    public async Task Muted_server_gets_nothing_until_it_says_otherwise()
    {
        await using var bench = await new TestBench().RegisterAsync();
        Assert.Equal(SendOutcome.Muted, (await bench.Network.UntilAsync(bench.Client.SendAsync([_level], default)))[0].Outcome);
        var mute = new Lwm2mPath(1, 0, 23);
        await bench.Server.AskAsync(new Lwm2mRequest.Write(mute, [new(mute, false)]));
        Assert.Equal(SendOutcome.Delivered, (await bench.Network.UntilAsync(bench.Client.SendAsync([_level], default)))[0].Outcome);
        Assert.Single(Sent(bench));
        bench[1].Set(23, Lwm2mValue.None);   // absent is muted too
        Assert.Equal(SendOutcome.Muted, (await bench.Network.UntilAsync(bench.Client.SendAsync([_level], default)))[0].Outcome);
    }

    [Fact]
    public async Task What_is_not_registered_or_not_readable_is_left_out_and_told()
    {
        await using var bench = await RegisteredAsync(TestObjects.NewEverything());
        Lwm2mPath[] bad = [new(0, 0, 0), new(5, 0, 1), new(3, 1, 9), new(9000, 0, 11)];
        var result = await bench.Network.UntilAsync(bench.Client.SendAsync([.. bad.Append(_level).Select(p => new Lwm2mRecord(p, 1))], default));
        Assert.Equal(SendOutcome.Delivered, result[0].Outcome);
        Assert.Equal(bad, result[0].LeftOut);
        Assert.Equal(_level, Assert.Single(Assert.Single(Sent(bench))).Path);
        result = await bench.Network.UntilAsync(bench.Client.SendAsync(bad, default));
        Assert.Equal((SendOutcome.Nothing, 4), (result[0].Outcome, result[0].LeftOut.Count));
        Assert.Single(Sent(bench));
    }

    [Fact]
    public async Task Refusal_of_the_server_is_told()
    {
        await using var bench = await RegisteredAsync();
        bench.Server.Answer = _ => CoapMessage.Error(CoapCode.NotFound, "no such object");
        var result = await bench.Network.UntilAsync(bench.Client.SendAsync([_level], default));
        Assert.Equal((SendOutcome.Refused, CoapCode.NotFound, "no such object"), (result[0].Outcome, result[0].Code!.Value, result[0].Problem));
    }

    [Fact]
    public async Task Lost_send_is_repeated_and_comes_once()
    {
        await using var bench = await RegisteredAsync();
        var lost = 0;
        bench.Network.Lose = frame => lost++ < 3;
        var result = await bench.Network.UntilAsync(bench.Client.SendAsync([_level], default));
        Assert.Equal(SendOutcome.Delivered, result[0].Outcome);
        Assert.Single(Sent(bench));
    }

    [Fact]
    public async Task What_is_sent_before_the_registration_waits_with_its_time_and_in_order()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { MuteSend = false };
        bench.Server.Answer = r => IsSend(r) ? CoapMessage.Response(CoapCode.Changed) : bench.Server.Accept(r);
        bench.Network.Lose = _ => bench.Time.Elapsed < TimeSpan.FromSeconds(30);
        bench.Start();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(2));
        var taken = bench.Time.GetUtcNow();
        var first = bench.Client.SendAsync([_level], default);
        bench[3].Set(9, 44);
        var second = bench.Client.SendAsync([_level], default);
        await bench.Network.UntilAsync(Task.WhenAll(first, second));
        Assert.Equal([("55", taken), ("44", taken)], Sent(bench).Select(s => (s[0].Value.ToString(), s[0].Time!.Value)));
    }

    [Fact]
    public async Task Queue_has_an_end_and_counts()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { MuteSend = false };
        bench.Settings = bench.Settings with { SendQueue = 2 };
        bench.Server.Answer = _ => null;
        bench.Start();
        using var stop = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 2).Select(_ => bench.Client.SendAsync([_level], stop.Token)).ToArray();
        Assert.Equal(SendOutcome.QueueFull, (await bench.Client.SendAsync([_level], default))[0].Outcome);
        Assert.Equal(1, bench.Client.RefusedSends);
        await stop.CancelAsync();
        foreach (var each in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Network.UntilAsync(each));
        }
        var next = bench.Client.SendAsync([_level], default);   // there is room again
        Assert.False(next.IsCompleted);
        bench.Server.Answer = r => IsSend(r) ? CoapMessage.Response(CoapCode.Changed) : bench.Server.Accept(r);
        Assert.Equal(SendOutcome.Delivered, (await bench.Network.UntilAsync(next))[0].Outcome);
    }

    [Fact]
    public async Task What_waits_ends_with_the_client()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { MuteSend = false };
        bench.Server.Answer = _ => null;
        bench.Start();
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        var waiting = bench.Client.SendAsync([_level], default);
        await bench.StopAsync();
        Assert.Equal(SendOutcome.NotDelivered, (await bench.Network.UntilAsync(waiting))[0].Outcome);
    }

    [Fact]
    public async Task Server_of_1_0_has_no_send()
    {
        await using var bench = new TestBench();
        bench.Account = bench.Account with { MuteSend = false };
        bench.Server.Answer = r => r.Options.UriQuery.Contains("lwm2m=1.0", StringComparison.Ordinal) ? bench.Server.Accept(r) : CoapMessage.Response(CoapCode.PreconditionFailed);
        await bench.RegisterAsync();
        Assert.Equal(SendOutcome.NotSupported, (await bench.Network.UntilAsync(bench.Client.SendAsync([_level], default)))[0].Outcome);
    }

    private static async Task<TestBench> RegisteredAsync(params ObjectInstance[] more)
    {
        var bench = new TestBench();
        bench.Objects.AddRange(more);
        bench.Account = bench.Account with { MuteSend = false };
        bench.Server.Answer = r => IsSend(r) ? CoapMessage.Response(CoapCode.Changed) : bench.Server.Accept(r);
        return await bench.RegisterAsync();
    }

    private static bool IsSend(CoapMessage request) => request.Options.UriPath == "/dp";

    private static List<IReadOnlyList<Lwm2mRecord>> Sent(TestBench bench)
    {
        var scope = new OperationScope(new CatalogView(TestObjects.Catalog), Lwm2mVersion.V12, Now: bench.Time.GetUtcNow());
        return [.. bench.Server.Requests.Where(IsSend).Select(r => OperationCodec.TryDecodeSend(r, scope, out var send, out _) ? send.Records : throw new InvalidOperationException())];
    }
}
