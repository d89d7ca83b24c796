using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Starling.Coap;
using Starling.Transports;

namespace Starling.Survival.Tests;

/// <summary>A device that does one thing after the other, and remembers what it was told and what it was doing when the server died.</summary>
internal sealed class Device : ICoapHandler, IAsyncDisposable
{
    private static readonly string[] _links = ["</1/0>,</3/0>", "</1/0>,</3/0>,</3303/0>", "</1/0>,</3/0>,</3303/0>,</3303/1>"];
    private static readonly string[] _objects = ["/1/0 /3/0", "/1/0 /3/0 /3303/0", "/1/0 /3/0 /3303/0 /3303/1"];
    private static readonly string[] _paths = ["/3/0/9", "/3303/0/5700", "/3/0"];

    private static readonly TimeSpan _handling = TimeSpan.FromMilliseconds(20);

    private readonly Random _random;
    private readonly CoapEndpoint _endpoint;
    private Peer _server = null!;
    private readonly ConcurrentDictionary<string, int> _executed = new(StringComparer.Ordinal);
    private uint _sequence;
    private long _sent;

    public Device(string name, int seed, UdpThreads threads)
    {
        Name = name;
        _random = new Random(seed);
        Caller = new Caller(name, _random);
        var udp = new UdpChannel(new UdpSettings { Bind = new IPEndPoint(IPAddress.Loopback, 0) }, threads);
        var settings = new CoapSettings();
        _endpoint = new CoapEndpoint([new MessageLayer(udp, settings, TimeProvider.System)], this, settings, TimeProvider.System);
    }

    public string Name { get; }

    /// <summary>Who queues operations for it.</summary>
    public Caller Caller { get; }

    /// <summary>Executes that came more than once.</summary>
    public IEnumerable<string> Repeated => _executed.Where(e => e.Value > 1).Select(e => e.Key);

    /// <summary>What it has been told.</summary>
    public Belief Acknowledged { get; private set; } = Belief.None;

    /// <summary>What is so if the server took what was not answered; null when everything was.</summary>
    public Belief? Attempted { get; private set; }

    /// <summary>How many answers it has got.</summary>
    public int Answers { get; private set; }

    public bool RunsInline => true;

    public async Task StartAsync(Uri server, CancellationToken cancel)
    {
        await _endpoint.StartAsync(cancel);
        _server = await _endpoint.ConnectAsync(new PeerTarget(server), cancel);
    }

    /// <summary>Goes on until it is stopped, which is when the server dies.</summary>
    public async Task RunAsync(ServerApi api, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await StepAsync(api, stop);
                Answers++;
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or HttpRequestException or CoapException)
        {
            // What was under way is in Attempted.
        }
        await Caller.HangUpAsync();
    }

    /// <summary>Takes the server's word, once it has been found to be one of the two.</summary>
    public void Believe(Belief belief) => (Acknowledged, Attempted) = (belief, null);

    // What writes and executes takes its time, so that more of it waits.
    public async ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        if (request.Code == CoapCode.Put || request.Code == CoapCode.Post)
        {
            if (request.Code == CoapCode.Post)
            {
                _executed.AddOrUpdate(Encoding.UTF8.GetString(request.Payload.Span), 1, (_, times) => times + 1);
            }
            await Task.Delay(_handling, TimeProvider.System, cancel);
            return CoapMessage.Response(CoapCode.Changed);
        }
        var options = new CoapOptionsBuilder();
        if (request.Options.Observe == 0)
        {
            options.Add(OptionNumber.Observe, Interlocked.Increment(ref _sequence));
        }
        options.Add(OptionNumber.ContentFormat, ContentFormat.Text.Value);
        return new CoapMessage { Code = CoapCode.Content, Options = options.Build(), Payload = "21"u8.ToArray() };
    }

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    private Task StepAsync(ServerApi api, CancellationToken stop)
    {
        var choice = _random.Next(20);
        return !Acknowledged.IsRegistered || choice == 0 ? RegisterAsync(stop)
            : choice == 1 ? DeregisterAsync(stop)
            : choice is 2 or 3 ? ObserveAsync(api, stop)
            : choice == 4 && Acknowledged.Observed.Count > 0 ? CancelAsync(api, stop)
            : choice is 9 or 10 ? Caller.StepAsync(api, stop)
            : choice is 11 or 12 ? SendAsync(stop)
            : UpdateAsync(choice, stop);
    }

    private async Task RegisterAsync(CancellationToken stop)
    {
        var (lifetime, which) = (600 + _random.Next(100), _random.Next(_links.Length));
        var next = Acknowledged with { IsRegistered = true, Id = null, Lifetime = lifetime, Objects = _objects[which], HeardAt = TimeProvider.System.GetUtcNow() };
        var answer = await AskAsync(next, CoapCode.Post, "rd", $"ep={Name}&lt={lifetime}&lwm2m=1.1&b=U", _links[which], CoapCode.Created, stop);
        Believe(next with { Id = answer.Options.GetStrings(OptionNumber.LocationPath)[^1] });
    }

    private async Task UpdateAsync(int choice, CancellationToken stop)
    {
        var next = Acknowledged with { HeardAt = TimeProvider.System.GetUtcNow() };
        var (query, links) = ("", "");
        if (choice is 5 or 6)
        {
            next = next with { Lifetime = 600 + _random.Next(100) };
            query = $"lt={next.Lifetime}";
        }
        else if (choice is 7 or 8)
        {
            var which = _random.Next(_links.Length);
            next = next with { Objects = _objects[which] };
            links = _links[which];
        }
        await AskAsync(next, CoapCode.Post, $"rd/{next.Id}", query, links, CoapCode.Changed, stop);
        Believe(next);
    }

    private async Task DeregisterAsync(CancellationToken stop)
    {
        var next = Acknowledged with { IsRegistered = false, Id = null, Sent = null };
        await AskAsync(next, CoapCode.Delete, $"rd/{Acknowledged.Id}", "", "", CoapCode.Deleted, stop);
        Believe(next);
    }

    private async Task SendAsync(CancellationToken stop)
    {
        var next = Acknowledged with { Sent = 1_000_000_000 + ++_sent };
        Attempted = next;
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, "dp");
        options.Add(OptionNumber.ContentFormat, ContentFormat.SenmlJson.Value);
        var payload = Encoding.UTF8.GetBytes($$"""[{"n":"/3/0/21","v":{{next.Sent}}}]""");
        var answer = await _endpoint.RequestAsync(_server, new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = payload }, stop);
        Believe(answer.Code == CoapCode.Changed ? next : throw new InvalidOperationException($"{Name} sent, and was answered {answer.Code}"));
    }

    private async Task ObserveAsync(ServerApi api, CancellationToken stop)
    {
        var path = _paths[_random.Next(_paths.Length)];
        Attempted = Acknowledged with { Observed = Acknowledged.Observed.ContainsKey(path) ? Acknowledged.Observed : Acknowledged.Observed.Add(path, null) };
        var id = await api.ObserveAsync(Name, path, stop);
        Believe(Acknowledged with { Observed = Acknowledged.Observed.SetItem(path, id) });
    }

    private async Task CancelAsync(ServerApi api, CancellationToken stop)
    {
        var (path, id) = Acknowledged.Observed.First();
        Attempted = Acknowledged with { Observed = Acknowledged.Observed.Remove(path) };
        await api.CancelAsync(Name, id!, stop);
        Believe(Attempted);
    }

    private async Task<CoapMessage> AskAsync(Belief next, CoapCode code, string path, string query, string links, CoapCode wanted, CancellationToken stop)
    {
        Attempted = next;
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, path);
        if (links.Length > 0)
        {
            options.Add(OptionNumber.ContentFormat, ContentFormat.LinkFormat.Value);
        }
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Add(OptionNumber.UriQuery, parameter);
        }
        var answer = await _endpoint.RequestAsync(_server, new CoapMessage { Code = code, Options = options.Build(), Payload = Encoding.UTF8.GetBytes(links) }, stop);
        return answer.Code == wanted ? answer
            : throw new InvalidOperationException($"{Name} was answered {answer.Code} {Encoding.UTF8.GetString(answer.Payload.Span)} to {code} /{path}?{query}");
    }
}
