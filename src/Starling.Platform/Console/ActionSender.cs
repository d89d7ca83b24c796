using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Sends what a form asks for, or has it wait for a device that sleeps; and names things as reports do.</summary>
internal sealed class ActionSender(DeviceOperations operations)
{
    /// <summary>Sends an operation; what came of a good answer is the caller's to say.</summary>
    public async Task<ActionReport> SendAsync(DeviceSession device, ActionForm form, Lwm2mRequest request, Func<Lwm2mResponse, ActionReport> say, CancellationToken cancel)
    {
        if (device is { Registration.QueueMode: true, Presence.IsAwake: false })
        {
            var (queued, full) = await operations.BoundAsync(form.Timeout, _ => device.QueueAsync(request), cancel);
            return full is not null
                ? ActionReport.Of(full)
                : ActionReport.Good("The device sleeps: this waits for it.", $"It is sent when the device is heard from, until {queued!.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.");
        }
        var (response, problem) = await operations.SendAsync(device, request, form.Timeout, cancel);
        return problem is not null ? Refused(problem, request is Lwm2mRequest.ReadComposite or Lwm2mRequest.WriteComposite) : say(response!);
    }

    /// <summary>Begins an observation; <paramref name="name"/> is what is observed, in words.</summary>
    public async Task<ActionReport> ObserveAsync(DeviceSession device, ActionForm form, ObserveOrder order, string name, CancellationToken cancel)
    {
        var (answer, problem) = await operations.BoundAsync(form.Timeout, stop => device.ObserveAsync(order, stop), cancel);
        if (answer is { Response.Code.IsEmpty: true, Observation: not null })
        {
            return ActionReport.Good("The device sleeps.", $"It is asked to report {name} when it is heard from.");
        }
        if (problem is not null || !answer!.Response.Code.IsSuccess)
        {
            return Refused(problem ?? ApiProblem.Refused(answer!.Response), order.IsComposite);
        }
        return answer.Observation is null
            ? new ActionReport(false, "The device does not observe this.", "It answered with the value once and will not report changes.")
            : ActionReport.Good($"{name} {(order.IsComposite ? "are observed together" : "is observed")}.", "The device reports its changes by itself from now on.");
    }

    /// <summary>The name of a resource, or of the object of another path.</summary>
    public string NameOf(DeviceSession device, Lwm2mPath path)
    {
        var catalog = operations.CatalogOf(device);
        return path.Depth >= 3 ? catalog.FindResource(path)?.Name ?? path.ToString() : catalog.FindObject(path.ObjectId)?.Name ?? path.ToString();
    }

    /// <summary>The units of a resource with a space in front; nothing where it has none.</summary>
    public string UnitsOf(DeviceSession device, Lwm2mPath path) =>
        operations.CatalogOf(device).FindResource(path) is { Units.Length: > 0 } resource ? " " + Units.Show(resource.Units) : "";

    // In these ways a device says that it does not know the method of composites (RFC 8132 §2).
    private static ActionReport Refused(ApiProblem problem, bool isComposite) =>
        isComposite && (problem.Code == CoapCode.MethodNotAllowed || problem.Code == CoapCode.BadOption || problem.Code == CoapCode.NotImplemented)
            ? ActionReport.Of(problem with { Title = "The device knows no message about several things at once.", Detail = $"Take them one by one. {problem.Detail}" })
            : ActionReport.Of(problem);
}
