using System.Collections.Concurrent;
using System.Text;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Server.Tests;

/// <summary>A device of few words on a real endpoint: it answers GET with texts, counts everything else and remembers who observes.</summary>
internal sealed class TestDevice : ICoapHandler, IAsyncDisposable
{
    private readonly SimNetwork _network;
    private readonly string _endpointName;
    private CoapEndpoint _endpoint = null!;
    private Peer _server = null!;
    private uint _sequence;

    private TestDevice(SimNetwork network, string endpointName)
    {
        _network = network;
        _endpointName = endpointName;
    }

    /// <summary>What GET answers, by path.</summary>
    public ConcurrentDictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The requests that are observed, by path.</summary>
    public ConcurrentDictionary<string, CoapMessage> Observers { get; } = new(StringComparer.Ordinal);

    /// <summary>Every request that came.</summary>
    public ConcurrentQueue<CoapMessage> Requests { get; } = new();

    /// <summary>Looks at a request before it is answered; an answer here is the answer.</summary>
    public Func<CoapMessage, CoapMessage?>? Answer { get; set; }

    /// <summary>Whether anything is answered at all.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Whether requests are acknowledged and never answered.</summary>
    public bool IsSlow { get; set; }

    public string? Location { get; private set; }
    public SimChannel Host { get; private set; } = null!;
    public int Refused { get; private set; }

    public bool RunsInline => true;

    public static async Task<TestDevice> StartAsync(SimNetwork network, string endpoint, string address)
    {
        var device = new TestDevice(network, endpoint) { Host = network.Host(address) };
        device.Host.AddressesMayBeForged = false;   // it has dialled the server itself
        var settings = new CoapSettings();
        device._endpoint = new CoapEndpoint([new MessageLayer(device.Host, settings, network.Time, chance: 7)], device, settings, network.Time);
        await device._endpoint.StartAsync(CancellationToken.None);
        device._server = await device._endpoint.ConnectAsync(new PeerTarget(new Uri($"coap://{ServerRig.Address}")), CancellationToken.None);
        return device;
    }

    public async Task<CoapMessage> RegisterAsync(long lifetime = 300, string links = "</1/0>,</3/0>,</3303/0>", string query = "", string version = "1.1")
    {
        var created = await SendAsync(Tests.Requests.Post("rd", $"ep={_endpointName}&lt={lifetime}&lwm2m={version}&b=U{query}", links));
        Location = created.Location();
        return created;
    }

    public Task<CoapMessage> UpdateAsync(string query = "") => SendAsync(Tests.Requests.Post(Location!, query));

    public Task<CoapMessage> DeregisterAsync() => SendAsync(Tests.Requests.Delete(Location!));

    public async Task<CoapMessage> SendAsync(CoapMessage request) => await _endpoint.RequestAsync(_server, request, CancellationToken.None);

    /// <summary>Asks for one block and does not go on.</summary>
    public async Task<CoapMessage> SendBlockAsync(CoapMessage request) => await _endpoint.RequestBlockAsync(_server, request, CancellationToken.None);

    /// <summary>Takes another address, as behind a NAT that has forgotten.</summary>
    public void Move(string address) => _network.Move(Host, address);

    /// <summary>Notifies with the next sequence number, or with this one.</summary>
    public async Task<DeliveryOutcome> NotifyAsync(
        string path, string value, uint? sequence = null, Delivery delivery = Delivery.Confirmable, CoapCode? code = null)
    {
        var notification = Content(path, value, sequence ?? ++_sequence, code ?? CoapCode.Content);
        return await _endpoint.NotifyAsync(_server, Observers[path], notification, delivery, CancellationToken.None);
    }

    public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        Requests.Enqueue(request);
        return IsSlow ? new(new TaskCompletionSource<CoapMessage?>().Task) : ValueTask.FromResult(IsDeaf ? null : Answer?.Invoke(request) ?? Handle(request));
    }

    public void OnReset(Peer peer, CoapToken token)
    {
        Refused++;
        foreach (var (path, _) in Observers.Where(o => o.Value.Token == token))
        {
            Observers.TryRemove(path, out var _);
        }
    }

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    private CoapMessage Handle(CoapMessage request)
    {
        var path = request.Options.UriPath;
        if (request.Code != CoapCode.Get && request.Code != CoapCode.Fetch)
        {
            return CoapMessage.Response(request.Code == CoapCode.Delete ? CoapCode.Deleted : CoapCode.Changed);
        }
        if (!Values.TryGetValue(path, out var value))
        {
            return CoapMessage.Error(CoapCode.NotFound, "no such value");
        }
        if (request.Options.Observe == 0)
        {
            Observers[path] = request;
            return Content(path, value, ++_sequence, CoapCode.Content);
        }
        if (request.Options.Observe == 1)
        {
            Observers.TryRemove(path, out _);
        }
        return Content(path, value, null, CoapCode.Content);
    }

    // What a composite is answered with stands at "/" as SenML JSON.
    private static CoapMessage Content(string path, string value, uint? sequence, CoapCode code)
    {
        var options = new CoapOptionsBuilder();
        if (sequence is { } number)
        {
            options.Add(OptionNumber.Observe, number);
        }
        options.Add(OptionNumber.ContentFormat, (path == "/" ? ContentFormat.SenmlJson : ContentFormat.Text).Value);
        return new CoapMessage { Code = code, Options = options.Build(), Payload = Encoding.UTF8.GetBytes(value) };
    }
}
