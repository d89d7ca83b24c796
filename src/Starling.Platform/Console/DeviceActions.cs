using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Does on a device what the forms of its page ask for, and says in words what came of it.</summary>
internal sealed class DeviceActions(DeviceOperations operations, LastValues last)
{
    public async Task<ActionReport> RunAsync(DeviceSession device, ActionForm form, CancellationToken cancel)
    {
        if (!form.TryGetPath(out var path) || path.IsRoot)
        {
            return Refuse("There is no such path.");
        }
        return form.Operation switch
        {
            "read" => await ReadAsync(device, form, path, cancel),
            "write" => await WriteAsync(device, form, path, cancel),
            "execute" => await ExecuteAsync(device, form, path, cancel),
            "observe" => await ObserveAsync(device, form, path, cancel),
            "stop" => await StopAsync(device, form, path, cancel),
            "discover" => await DiscoverAsync(device, form, path, cancel),
            "create" => await CreateAsync(device, form, path, cancel),
            "delete" => await DeleteAsync(device, form, path, cancel),
            _ => Refuse("The console has no such operation."),
        };
    }

    private Task<ActionReport> ReadAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel) =>
        SendAsync(device, form, new Lwm2mRequest.Read(path, form.Format), response =>
        {
            if (response.Records.Count == 0 && response.Raw.Length > 0 && response.Diagnostic.Length > 0)
            {
                return Of(ApiProblem.Unreadable(response));
            }
            last.Take(device.Key, response.Records, ValueSource.Read);
            return response.Records is [var only]
                ? Good($"{NameOf(device, path)} is {SafeText.Line(LastValue.Write(only.Value), 80)}{UnitsOf(device, only.Path)}.", $"Read from {only.Path}.")
                : Good($"{response.Records.Count} values read.", $"They are all of {NameOf(device, path)} ({path}) that the device shows.");
        }, cancel);

    private async Task<ActionReport> WriteAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        var resource = operations.CatalogOf(device).FindResource(path) ?? new ResourceDefinition { Id = Math.Max(path.ResourceId, 0), Name = $"Resource {path}", Type = ValueKind.String };
        if (path.Depth < 3)
        {
            return Refuse("Only resources are written here.");
        }
        var (records, error) = await ReadValuesAsync(form, resource, path, cancel);
        if (error.Length > 0)
        {
            return Refuse(error);
        }
        return await SendAsync(device, form, new Lwm2mRequest.Write(path, records, true, form.Format), response =>
        {
            last.Take(device.Key, records, ValueSource.Written);
            return Good($"{resource.Name} is written.", $"The device answered {response.Code} ({path}).");
        }, cancel);
    }

    private static async Task<(List<Lwm2mRecord> Records, string Error)> ReadValuesAsync(ActionForm form, ResourceDefinition resource, Lwm2mPath path, CancellationToken cancel)
    {
        if (form.File is { } file)
        {
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancel);
            return ([new Lwm2mRecord(path, Lwm2mValue.Opaque(bytes.ToArray()))], "");
        }
        if (!resource.IsMultiple || path.IsResourceInstance)
        {
            return EditedValue.TryRead(resource, form.Text, out var value, out var why) ? ([new Lwm2mRecord(path, value)], "") : ([], why);
        }
        List<Lwm2mRecord> records = [];
        if (!form.TryReadLines(out var lines, out var wrong))
        {
            return ([], wrong);
        }
        foreach (var (id, text) in lines)
        {
            if (!EditedValue.TryRead(resource, text, out var value, out wrong))
            {
                return ([], wrong);
            }
            records.Add(new Lwm2mRecord(path.Append(id), value));
        }
        return (records, records.Count == 0 ? "Write at least one line, as in 0 = value." : "");
    }

    private async Task<ActionReport> ExecuteAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        var arguments = form.Text.Trim();
        if (arguments.Length > 0 && !ExecuteArguments.TryParse(arguments, out _))
        {
            return Refuse("Arguments are written as in 0='on',1: a number from 0 to 9, and a text in single quotes if there is one.");
        }
        return await SendAsync(device, form, new Lwm2mRequest.Execute(path, arguments.Length > 0 ? arguments : null),
            response => Good($"{NameOf(device, path)} is executed.", $"The device answered {response.Code} ({path})."), cancel);
    }

    private async Task<ActionReport> ObserveAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        if (!form.TryReadAttributes(out var attributes, out var error))
        {
            return Refuse($"The attributes cannot be used: {error}.");
        }
        var (answer, problem) = await operations.BoundAsync(form.Timeout, stop => device.ObserveAsync(path, attributes, stop), cancel);
        if (problem is not null || !answer!.Response.Code.IsSuccess)
        {
            return Of(problem ?? ApiProblem.Refused(answer!.Response));
        }
        return answer.Observation is null
            ? new ActionReport(false, "The device does not observe this.", "It answered with the value once and will not report changes.")
            : Good($"{NameOf(device, path)} is observed.", "The device reports its changes by itself from now on.");
    }

    private async Task<ActionReport> StopAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        if (device.Observations.FirstOrDefault(o => o.Path == path) is not { } observation)
        {
            return Refuse($"{path} is not observed.");
        }
        var (response, problem) = await operations.BoundAsync(form.Timeout, stop => device.CancelAsync(observation.Id, stop), cancel);
        return problem is not null ? Of(problem) : Good($"{NameOf(device, path)} is not observed any more.", response is null ? "" : $"The device answered {response.Code}.");
    }

    private Task<ActionReport> DiscoverAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel) =>
        SendAsync(device, form, new Lwm2mRequest.Discover(path), response =>
        {
            const int shown = 200;
            var root = device.Registration.Links.Root;
            var lines = response.Links.Take(shown).Select(link => LineOf(device, link, root)).ToList();
            return Good($"The device has {response.Links.Count} entries at {path}.", response.Links.Count > shown ? $"The first {shown}:" : "") with { Lines = lines };
        }, cancel);

    private async Task<ActionReport> CreateAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        if (!path.IsObject || !form.TryReadLines(out var lines, out var error))
        {
            return Refuse("The values are written one a line, as in 5750 = Kitchen.");
        }
        List<Lwm2mRecord> records = [];
        foreach (var (id, text) in lines)
        {
            var at = path.Append(0).Append(id);
            var resource = operations.CatalogOf(device).FindResource(at) ?? new ResourceDefinition { Id = id, Name = $"Resource {id}", Type = ValueKind.String };
            if (!EditedValue.TryRead(resource, text, out var value, out error))
            {
                return Refuse(error);
            }
            records.Add(new Lwm2mRecord(resource.IsMultiple ? at.Append(0) : at, value));
        }
        return await SendAsync(device, form, new Lwm2mRequest.Create(path, null, records, form.Format),
            response => Good("The instance is created.", $"The device answered {response.Code}{(response.Created is { } made ? $" and calls it {made}" : "")}."), cancel);
    }

    private Task<ActionReport> DeleteAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel) =>
        SendAsync(device, form, new Lwm2mRequest.Delete(path), response =>
        {
            last.Forget(device.Key, path);
            return Good($"{path} is deleted.", $"The device answered {response.Code}.");
        }, cancel);

    private async Task<ActionReport> SendAsync(DeviceSession device, ActionForm form, Lwm2mRequest request, Func<Lwm2mResponse, ActionReport> say, CancellationToken cancel)
    {
        var (response, problem) = await operations.BoundAsync(form.Timeout, stop => device.SendAsync(request, stop), cancel);
        return problem is not null ? Of(problem) : response!.Code.IsSuccess ? say(response) : Of(ApiProblem.Refused(response));
    }

    private string NameOf(DeviceSession device, Lwm2mPath path)
    {
        var catalog = operations.CatalogOf(device);
        return path.Depth >= 3 ? catalog.FindResource(path)?.Name ?? path.ToString() : catalog.FindObject(path.ObjectId)?.Name ?? path.ToString();
    }

    private string UnitsOf(DeviceSession device, Lwm2mPath path) =>
        operations.CatalogOf(device).FindResource(path) is { Units.Length: > 0 } resource ? " " + Units.Show(resource.Units) : "";

    private string LineOf(DeviceSession device, CoreLink link, string root)
    {
        var name = link.TryGetPath(root, out var path) && path.Depth > 0 ? NameOf(device, path) : "";
        return SafeText.Line($"{link.Target}  {name}  {string.Join(' ', link.Attributes.Select(a => $"{a.Key}={a.Value}"))}".TrimEnd(), 160);
    }

    private static ActionReport Good(string title, string detail) => new(true, title, detail);

    private static ActionReport Refuse(string detail) => new(false, "Nothing was sent.", detail);

    private static ActionReport Of(ApiProblem problem) => new(false, problem.Title, SafeText.Line(problem.Detail, 400));
}
