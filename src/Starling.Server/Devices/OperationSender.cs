using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Takes operations to devices and their answers back: encode, request, decode.</summary>
internal sealed class OperationSender(Lwm2mServer server) : IDisposable
{
    private static readonly TimeSpan _usualPause = TimeSpan.FromSeconds(1);
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
    public async ValueTask<Lwm2mResponse> SendAsync(DeviceSession device, Lwm2mRequest request, CoapToken token, CancellationToken cancel)
    {
        token = token.Length > 0 ? token : server.Endpoint.NewToken();
        var scope = ScopeOf(device);
        var message = Encode(request, token, scope);
        if (message.Code == CoapCode.Fetch || message.Code == CoapCode.IPatch)
        {
            ThrowIfNoComposites(device);
        }
        server.Tally.Operations.Increment();
        try
        {
            await SettleAsync(device, cancel).ConfigureAwait(false);
            var answer = await server.Endpoint.RequestAsync(PeerOf(device), message, cancel).ConfigureAwait(false);
            if (answer.Code == CoapCode.ServiceUnavailable)
            {
                answer = await AskAgainAsync(device, message, answer, cancel).ConfigureAwait(false);
            }
            if (FormatRefusal.Retry(request, message, answer.Code, scope, out var learned) is { } again)
            {
                var wasLeftTheChoice = answer.Code == CoapCode.NotAcceptable;
                answer = await server.Endpoint.RequestAsync(PeerOf(device), again, cancel).ConfigureAwait(false);
                answer = await AskAgainAsync(device, again, answer, cancel).ConfigureAwait(false);
                device.Learn(wasLeftTheChoice ? FormatRefusal.Learn(answer, learned) : learned);
            }
            server.Heard(device);
            var response = Decode(device, request, answer) with { Operation = token };
            Learn(device, request, response);
            return response;
        }
        catch (CoapTimeoutException e) when (e.IsAcknowledged && (message.Code == CoapCode.Fetch || message.Code == CoapCode.IPatch))
        {
            server.Tally.FailedOperations.Increment();
            device.HasNoComposites = true;
            throw NoComposites(device);
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

    /// <summary>Waits until the answer to the device's Register is out: it leaves with its receive batch, while an operation leaves at once.</summary>
    public ValueTask SettleAsync(DeviceSession device, CancellationToken cancel)
    {
        if (server.Clock.Now >= device.RegisteredAt + _settle)
        {
            return ValueTask.CompletedTask;
        }
        var open = _gate.WaitAsync();
        return new ValueTask(cancel.CanBeCanceled ? open.WaitAsync(cancel) : open);
    }

    /// <summary>What the codecs must know of the device.</summary>
    public OperationScope ScopeOf(DeviceSession device) => new(device.Catalog, device.Version, device.Links.Root, server.Clock.UtcNow) { Formats = device.Formats };

    // A device that is just about to register or update says "not now" (5.03): it has not done anything, so it is asked again after the pause that it names.
    private async ValueTask<CoapMessage> AskAgainAsync(DeviceSession device, CoapMessage message, CoapMessage answer, CancellationToken cancel)
    {
        for (var retry = 0; answer.Code == CoapCode.ServiceUnavailable && retry < server.Settings.BusyRetries; retry++)
        {
            var pause = answer.Options.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : _usualPause;
            pause = pause < server.Settings.MaxBusyPause ? pause : server.Settings.MaxBusyPause;
            await Task.Delay(pause, server.Clock.Time, cancel).ConfigureAwait(false);
            answer = await server.Endpoint.RequestAsync(PeerOf(device), message, cancel).ConfigureAwait(false);
        }
        return answer;
    }

    private void Learn(DeviceSession device, Lwm2mRequest request, Lwm2mResponse response)
    {
        if (device.QueueMode && response.Code.IsSuccess)
        {
            server.Listening.Learn(device, request switch
            {
                Lwm2mRequest.Write write => write.Records,
                Lwm2mRequest.WriteComposite write => write.Records,
                _ => response.Records,
            });
        }
    }

    private static void ThrowIfNoComposites(DeviceSession device)
    {
        if (device.HasNoComposites)
        {
            throw NoComposites(device);
        }
    }

    private static NoCompositesException NoComposites(DeviceSession device) =>
        new($"{device} acknowledges composite operations and never answers them: it does not know them. Its paths can be asked for one by one.");

    private static Peer PeerOf(DeviceSession device)
    {
        if (!device.IsRegistered)
        {
            throw new PeerLostException($"{device} is not registered any more.");
        }
        return device.Peer ?? throw new PeerLostException($"{device} is known at an address that this server does not reach, and has not been heard from since it started.");
    }
}
