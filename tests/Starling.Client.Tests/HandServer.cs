using System.Collections.Concurrent;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

/// <summary>The server's side, by hand: it notes what comes, answers as the test says, and sends what the test sends.</summary>
internal sealed class HandServer : ICoapHandler, IAsyncDisposable
{
    private readonly SimNetwork _network;
    private readonly CoapEndpoint _endpoint;
    private readonly ConcurrentDictionary<CoapToken, Watch> _watches = new();
    private int _registrations;

    public HandServer(SimNetwork network, string address)
    {
        _network = network;
        Channel = network.Host(address);
        _endpoint = new CoapEndpoint([new MessageLayer(Channel, new CoapSettings(), network.Time, chance: 3)], this, new CoapSettings(), network.Time);
        _ = _endpoint.StartAsync(default);
        Answer = Accept;
    }

    public bool RunsInline => true;
    public SimChannel Channel { get; }
    public ConcurrentQueue<CoapMessage> Requests { get; } = new();
    public ConcurrentQueue<(TimeSpan At, string Value, uint Sequence, CoapCode Code)> Notifications { get; } = new();

    /// <summary>What it answers; null for nothing at all.</summary>
    public Func<CoapMessage, CoapMessage?> Answer { get; set; }

    /// <summary>The device, as it last spoke.</summary>
    public Peer? Device { get; private set; }

    /// <summary>What came so far, as <c>POST /rd?ep=x body</c>.</summary>
    public IReadOnlyList<string> Lines => [.. Requests.Select(Line)];

    public string LastLine => Lines[^1];

    /// <summary>2.01 with another location each time to Register, 2.04 to Update, 2.02 to De-register.</summary>
    public CoapMessage Accept(CoapMessage request)
    {
        if (request.Code == CoapCode.Delete)
        {
            return CoapMessage.Response(CoapCode.Deleted);
        }
        if (request.Options.GetStrings(OptionNumber.UriPath).Count > 1)
        {
            return CoapMessage.Response(CoapCode.Changed);
        }
        return Located("rd", $"r{Interlocked.Increment(ref _registrations)}");
    }

    public static CoapMessage Located(params string[] segments)
    {
        var options = new CoapOptionsBuilder();
        foreach (var segment in segments)
        {
            options.Add(OptionNumber.LocationPath, segment);
        }
        return new CoapMessage { Code = CoapCode.Created, Options = options.Build() };
    }

    /// <summary>Sends a request to the device and gives its answer.</summary>
    public Task<CoapMessage> AskAsync(CoapMessage request) => _network.UntilAsync(_endpoint.RequestAsync(Device!, request, default).AsTask());

    /// <summary>Sends without waiting for the answer.</summary>
    public Task<CoapMessage> Ask(CoapMessage request) => _endpoint.RequestAsync(Device!, request, default).AsTask();

    /// <summary>Sends an operation to the device and gives its answer.</summary>
    public async Task<Lwm2mResponse> AskAsync(Lwm2mRequest request)
    {
        var scope = new OperationScope(new CatalogView(TestObjects.Catalog), Lwm2mVersion.V12);
        return OperationCodec.DecodeResponse(request, await AskAsync(OperationCodec.Encode(request, scope)), scope);
    }

    /// <summary>Observes a path; what comes later is in <see cref="Notifications"/>.</summary>
    public async Task<(CoapToken Token, CoapMessage Answer)> ObserveAsync(string path, ContentFormat accept)
    {
        var token = _endpoint.NewToken();
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Observe, 0);
        options.AddPath(OptionNumber.UriPath, path);
        options.Add(OptionNumber.Accept, accept.Value);
        var request = new CoapMessage { Code = CoapCode.Get, Token = token, Options = options.Build() };
        _watches[token] = new Watch(request);
        return (token, await AskAsync(request));
    }

    /// <summary>Observes as the operation says; what comes later is in <see cref="Notifications"/>.</summary>
    public async Task<(CoapToken Token, CoapMessage Answer)> ObserveAsync(Lwm2mRequest operation)
    {
        var token = _endpoint.NewToken();
        var encoded = OperationCodec.Encode(operation, new OperationScope(new CatalogView(TestObjects.Catalog), Lwm2mVersion.V12));
        var request = new CoapMessage { Code = encoded.Code, Token = token, Options = encoded.Options, Payload = encoded.Payload };
        _watches[token] = new Watch(request);
        return (token, await AskAsync(request));
    }

    /// <summary>Forgets an observation, so that the next notification is answered with Reset.</summary>
    public void Forget(CoapToken token) => _watches.TryRemove(token, out _);

    public ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        Device = peer;
        peer.Channel!.Prove(peer);   // The rule on unproven addresses has tests of its own.
        Requests.Enqueue(request);
        return ValueTask.FromResult(Answer(request));
    }

    public ValueTask<(TokenFate Fate, ObservationMatch? Match)> FindObservationAsync(Peer peer, CoapToken token, CancellationToken cancel) =>
        ValueTask.FromResult(_watches.TryGetValue(token, out var watch) ? (TokenFate.Known, watch) : (TokenFate.Unknown, (ObservationMatch?)null));

    public ValueTask NotifyAsync(Peer peer, ObservationMatch observation, CoapMessage notification, CancellationToken cancel)
    {
        var text = System.Text.Encoding.UTF8.GetString(notification.Payload.Span);
        Notifications.Enqueue((_network.Time.Elapsed, text, notification.Options.Observe ?? 0, notification.Code));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    private static string Line(CoapMessage request)
    {
        var method = request.Code == CoapCode.Post ? "POST" : request.Code == CoapCode.Delete ? "DELETE" : request.Code.ToString();
        var query = request.Options.UriQuery;
        var body = System.Text.Encoding.UTF8.GetString(request.Payload.Span);
        return $"{method} {request.Options.UriPath}{(query.Length > 0 ? "?" : "")}{query}{(body.Length > 0 ? " " : "")}{body}";
    }

    private sealed class Watch(CoapMessage request) : ObservationMatch
    {
        public override CoapMessage Request { get; } = request;
    }
}
