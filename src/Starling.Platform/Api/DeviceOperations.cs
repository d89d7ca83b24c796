using System.Globalization;
using System.Text.Json.Nodes;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Sends operations to devices for the API: finds the device, bounds the time, and says in the API's words what came of it.</summary>
internal sealed class DeviceOperations(Lwm2mServer server, PlatformSettings settings, LastValues last, TimeProvider time)
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
        if (!TryGetTimeout(context, out var timeout, out var problem))
        {
            return problem!.ToResult();
        }
        (var response, problem) = await SendAsync(device, request, timeout, context.RequestAborted);
        return problem is not null ? problem.ToResult() : answer(response!);
    }

    /// <summary>Sends an operation and keeps what it tells of values. A response is good; all else is a problem.</summary>
    public async Task<(Lwm2mResponse? Response, ApiProblem? Problem)> SendAsync(DeviceSession device, Lwm2mRequest request, TimeSpan timeout, CancellationToken cancel)
    {
        var (response, problem) = await BoundAsync(timeout, stop => device.SendAsync(request, stop), cancel);
        problem ??= !response!.Code.IsSuccess ? ApiProblem.Refused(response)
            : response.Records.Count == 0 && response.Raw.Length > 0 && response.Diagnostic.Length > 0 ? ApiProblem.Unreadable(response)
            : null;
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

    private void Keep(DeviceSession device, Lwm2mRequest request, Lwm2mResponse response)
    {
        switch (request)
        {
            case Lwm2mRequest.Read:
                last.Take(device.Key, response.Records, ValueSource.Read);
                break;
            case Lwm2mRequest.Write write:
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
