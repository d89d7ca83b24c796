using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Takes operations to devices and their answers back: encode, request, decode.</summary>
internal sealed class OperationSender(Lwm2mServer server) : IDisposable
{
    private readonly long _settle = (long)server.Settings.SettleTime.TotalMilliseconds;
    private readonly SettleGate _gate = new(server.Clock.Time, server.Settings.SettleTime);

    public void Dispose() => _gate.Dispose();

    /// <summary>An operation as this device understands it.</summary>
    public CoapMessage Encode(DeviceSession device, Lwm2mRequest request, CoapToken token) => Encode(request, token, ScopeOf(device));

    private static CoapMessage Encode(Lwm2mRequest request, CoapToken token, in OperationScope scope)
    {
        var encoded = OperationCodec.Encode(request, scope);
        return new CoapMessage { Code = encoded.Code, Token = token, Options = encoded.Options, Payload = encoded.Payload, Body = encoded.Body };
    }

    /// <summary>An answer of this device to an operation.</summary>
    public Lwm2mResponse Decode(DeviceSession device, Lwm2mRequest request, CoapMessage answer) =>
        OperationCodec.DecodeResponse(request, answer, ScopeOf(device));

    /// <summary>Sends an operation and gives its answer. An empty token is replaced by a new one.</summary>
    public async ValueTask<Lwm2mResponse> SendAsync(DeviceSession device, Lwm2mRequest request, CoapToken token, CancellationToken cancel) =>
        (await ExchangeAsync(device, request, token, cancel).ConfigureAwait(false)).Response;

    /// <summary>The same, and the number that an observation's first answer carries; null when it has none.</summary>
    public async ValueTask<(Lwm2mResponse Response, uint? Observe)> ExchangeAsync(
        DeviceSession device, Lwm2mRequest request, CoapToken token, CancellationToken cancel)
    {
        token = token.Length > 0 ? token : server.Endpoint.NewToken();
        var scope = ScopeOf(device);
        var message = Encode(request, token, scope);
        server.Tally.Operations.Increment();
        try
        {
            await SettleAsync(device, cancel).ConfigureAwait(false);
            var answer = await server.Endpoint.RequestAsync(PeerOf(device), message, cancel).ConfigureAwait(false);
            if (FormatRefusal.Retry(request, message, answer.Code, scope, out var learned) is { } again)
            {
                var wasLeftTheChoice = answer.Code == CoapCode.NotAcceptable;
                answer = await server.Endpoint.RequestAsync(PeerOf(device), again, cancel).ConfigureAwait(false);
                device.Formats = wasLeftTheChoice ? FormatRefusal.Learn(answer, learned) : learned;
            }
            server.Heard(device);
            return (Decode(device, request, answer) with { Operation = token }, answer.Options.Observe);
        }
        catch (CoapException)
        {
            server.Tally.FailedOperations.Increment();
            throw;
        }
    }

    /// <summary>Sends a request as it is.</summary>
    public async ValueTask<CoapMessage> RequestAsync(DeviceSession device, CoapMessage request, CancellationToken cancel)
    {
        await SettleAsync(device, cancel).ConfigureAwait(false);
        return await server.Endpoint.RequestAsync(PeerOf(device), request, cancel).ConfigureAwait(false);
    }

    private static Peer PeerOf(DeviceSession device)
    {
        if (!device.IsRegistered)
        {
            throw new PeerLostException($"{device} is not registered any more.");
        }
        return device.Peer ?? throw new PeerLostException($"{device} has not been heard from since this server started.");
    }

    // The answer to the Register leaves first: it does so with its receive batch, while an operation leaves at once.
    private ValueTask SettleAsync(DeviceSession device, CancellationToken cancel)
    {
        if (server.Clock.Now >= device.RegisteredAt + _settle)
        {
            return ValueTask.CompletedTask;
        }
        var open = _gate.WaitAsync();
        return new ValueTask(cancel.CanBeCanceled ? open.WaitAsync(cancel) : open);
    }

    private OperationScope ScopeOf(DeviceSession device) => new(device.Catalog, device.Version, device.Links.Root, server.Clock.UtcNow) { Formats = device.Formats };
}
