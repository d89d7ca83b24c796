using System.Globalization;
using System.Text.Json.Nodes;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Sends operations to devices for the API: finds the device, bounds the time, and says in the API's words what came of it.</summary>
internal sealed class DeviceOperations(Lwm2mServer server, PlatformSettings settings, LastValues last, AttachedConditions attached, TimeProvider time)
{
    private const int MaxTimeout = 600;

    /// <summary>The device that a request names.</summary>
    public bool TryFind(HttpContext context, out ApiTarget target, out DeviceSession device, out ApiProblem? problem)
    {
        device = null!;
        if (!ApiTarget.TryParse(context, out target, out problem))
        {
            return false;
        }
        if (server.Find(new DeviceKey(target.Endpoint)) is not { } found)
        {
            problem = ApiProblem.UnknownEndpoint(target.Endpoint);
            return false;
        }
        device = found;
        return true;
    }

    /// <summary>The objects as this device means them.</summary>
    public CatalogView CatalogOf(DeviceSession device) => server.Catalog.ViewFor(device.Registration.Links, device.Registration.Version);

    /// <summary>Sends an operation; what comes of a good answer is the caller's to say.</summary>
    public async Task<IResult> SendAsync(HttpContext context, DeviceSession device, Lwm2mRequest request, Func<Lwm2mResponse, IResult> answer)
    {
        if (!TryGetTimeout(context, out var timeout, out var problem) || !QueueChoice.TryRead(context, device, out var choice, out problem))
        {
            return problem!.ToResult();
        }
        if (choice.IsQueued)
        {
            // Who names no time does not want to wait for a device that sleeps.
            var patience = device.Presence.IsAwake || context.Request.Query.ContainsKey("timeout") ? timeout : TimeSpan.Zero;
            return await QueueAsync(device, request, choice.TimeToLive, patience, answer, context.RequestAborted);
        }
        (var response, problem) = await SendAsync(device, request, timeout, context.RequestAborted);
        return problem is not null ? problem.ToResult() : answer(response!);
    }

    /// <summary>Queues an operation; its result if it comes within the caller's patience, else 202 and where to ask for it.</summary>
    private async Task<IResult> QueueAsync(
        DeviceSession device, Lwm2mRequest request, TimeSpan? timeToLive, TimeSpan patience, Func<Lwm2mResponse, IResult> answer, CancellationToken cancel)
    {
        var (queued, problem) = await BoundAsync(settings.OperationTimeout, _ => device.QueueAsync(request, timeToLive), cancel);
        if (problem is not null)
        {
            return problem.ToResult();
        }
        var known = await server.Operations.WaitAsync(queued!.Id, patience, cancel) ?? queued;
        return known switch
        {
            { HasEnded: false } => new JsonAnswer(StatusCodes.Status202Accepted, OperationJson.Write(known, CatalogOf(device))) { Location = OperationJson.AddressOf(known) },
            { Answer: { } response } => Problem(response) is { } refused ? refused.ToResult() : answer(response),
            _ => ApiProblem.NoAnswer(known.Reason).ToResult(),
        };
    }

    /// <summary>Sends an operation and keeps what it tells of values. A response is good; all else is a problem.</summary>
    public async Task<(Lwm2mResponse? Response, ApiProblem? Problem)> SendAsync(DeviceSession device, Lwm2mRequest request, TimeSpan timeout, CancellationToken cancel)
    {
        var (response, problem) = await BoundAsync(timeout, stop => device.SendAsync(request, stop), cancel);
        problem ??= Problem(response!);
        if (problem is null)
        {
            Keep(device, request, response!);
        }
        return (response, problem);
    }

    /// <summary>Does something with a device within the request's time, and says why not.</summary>
    public async Task<(T? Result, ApiProblem? Problem)> BoundAsync<T>(HttpContext context, Func<CancellationToken, ValueTask<T>> act) where T : class?
    {
        if (!TryGetTimeout(context, out var timeout, out var problem))
        {
            return (null, problem);
        }
        return await BoundAsync(timeout, act, context.RequestAborted);
    }

    /// <summary>Does something with a device within a time, and says why not.</summary>
    public async Task<(T? Result, ApiProblem? Problem)> BoundAsync<T>(TimeSpan timeout, Func<CancellationToken, ValueTask<T>> act, CancellationToken cancel) where T : class?
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            return (await act(either.Token), null);
        }
        catch (CoapException failure)
        {
            return (null, ApiProblem.From(failure));
        }
        catch (ArgumentException impossible)
        {
            return (null, ApiProblem.BadField("body", impossible.Message));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return (null, ApiProblem.NoAnswer($"No answer came within {timeout.TotalSeconds:0} s (the timeout of this request)."));
        }
    }

    /// <summary>The body of an answer without values.</summary>
    public static JsonObject StatusOf(Lwm2mResponse response) => new()
    {
        ["status"] = response.Code.ToString(),
        ["operation"] = response.Operation.ToString(),
    };

    /// <summary>The body of an answer with values.</summary>
    public IResult ValuesOf(DeviceSession device, Lwm2mResponse response)
    {
        var body = StatusOf(response);
        body["values"] = RecordJson.Write(response.Records, CatalogOf(device));
        return JsonAnswer.Ok(body);
    }

    private static ApiProblem? Problem(Lwm2mResponse response) =>
        !response.Code.IsSuccess ? ApiProblem.Refused(response)
        : response.Records.Count == 0 && response.Raw.Length > 0 && response.Diagnostic.Length > 0 ? ApiProblem.Unreadable(response)
        : null;

    private void Keep(DeviceSession device, Lwm2mRequest request, Lwm2mResponse response)
    {
        attached.Take(device, request, response);
        switch (request)
        {
            case Lwm2mRequest.Read or Lwm2mRequest.ReadComposite:
                last.Take(device.Key, response.Records, ValueSource.Read);
                break;
            case Lwm2mRequest.Write write:
                last.Take(device.Key, write.Records, ValueSource.Written);
                break;
            case Lwm2mRequest.WriteComposite write:
                last.Take(device.Key, write.Records, ValueSource.Written);
                break;
            case Lwm2mRequest.Delete delete:
                last.Forget(device.Key, delete.Path);
                break;
        }
    }

    private bool TryGetTimeout(HttpContext context, out TimeSpan timeout, out ApiProblem? problem)
    {
        timeout = settings.OperationTimeout;
        problem = null;
        if (context.Request.Query["timeout"] is not [{ } text])
        {
            return true;
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > MaxTimeout)
        {
            problem = ApiProblem.BadField("timeout", $"timeout is a number of seconds, 1 to {MaxTimeout}.");
            return false;
        }
        timeout = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
