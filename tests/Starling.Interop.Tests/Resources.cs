using System.Collections.Concurrent;
using System.Text;
using Starling.Coap;

namespace Starling.Interop.Tests;

/// <summary>
/// Plain CoAP resources on our endpoint: <c>/hello</c>, <c>/large</c> (5000 bytes), <c>/length</c> (answers the length of what is put),
/// <c>/slow</c> (a separate response), <c>/count</c> (observable).
/// </summary>
internal sealed class Resources : ICoapHandler
{
    public const int LargeLength = 5000;
    private readonly ConcurrentDictionary<CoapToken, (Peer Peer, CoapMessage Request)> _observers = new();
    private int _count;

    public CoapEndpoint? Endpoint { get; set; }

    /// <summary>Lets <c>/slow</c> answer.</summary>
    public TaskCompletionSource Slow { get; } = new();

    /// <summary>Done when somebody has stopped to observe <c>/count</c>.</summary>
    public TaskCompletionSource Stopped { get; } = new();

    public async ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        switch (request.Options.UriPath)
        {
            case "/hello":
                return Answer(CoapCode.Content, "Hello");
            case "/large":
                return new CoapMessage { Code = CoapCode.Content, Payload = Encoding.ASCII.GetBytes(new string('x', LargeLength)) };
            case "/length":
                return Answer(CoapCode.Changed, $"{request.Payload.Length}");
            case "/slow":
                await Slow.Task.WaitAsync(cancel);
                return Answer(CoapCode.Content, "at last");
            case "/count":
                return Count(peer, request);
            default:
                return CoapMessage.Response(CoapCode.NotFound);
        }
    }

    public void OnReset(Peer peer, CoapToken token) => Stop(token);

    /// <summary>Counts, and tells those who observe.</summary>
    public async Task CountOnAsync()
    {
        var count = ++_count;
        foreach (var (peer, request) in _observers.Values)
        {
            await Endpoint!.NotifyAsync(peer, request, Observed((uint)count + 1), Delivery.Confirmable, ForeignProgram.Patience);
        }
    }

    private CoapMessage Count(Peer peer, CoapMessage request)
    {
        if (request.Options.Observe == 1)
        {
            Stop(request.Token);
        }
        if (request.Options.Observe != 0)
        {
            return Answer(CoapCode.Content, $"{_count}");
        }
        _observers[request.Token] = (peer, request);
        return Observed((uint)_count + 1);
    }

    private void Stop(CoapToken token)
    {
        if (_observers.TryRemove(token, out _))
        {
            Stopped.TrySetResult();
        }
    }

    private CoapMessage Observed(uint sequence)
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.Observe, sequence);
        return new CoapMessage { Code = CoapCode.Content, Options = options.Build(), Payload = Encoding.UTF8.GetBytes($"{_count}") };
    }

    private static CoapMessage Answer(CoapCode code, string text) => new() { Code = code, Payload = Encoding.UTF8.GetBytes(text) };
}
