using System.Globalization;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Does on a device what the forms of its page ask for, and says in words what came of it.</summary>
internal sealed class DeviceActions(DeviceOperations operations, Lwm2mServer server, ActionSender sender, CompositeActions composites, AttachedConditions attached)
{
    public async Task<ActionReport> RunAsync(DeviceSession device, ActionForm form, CancellationToken cancel)
    {
        if (form.Operation == "cancel")
        {
            return await CancelAsync(form.Text);
        }
        if (form.Operation == "awake-window")
        {
            return await SetAwakeWindowAsync(device, form.Text.Trim());
        }
        if (form.Operation == "stop-several")
        {
            return await StopAsync(device, form, device.Observations.FirstOrDefault(o => o.Id == form.Text), "What was observed together", cancel);
        }
        if (form.Operation.EndsWith("-several", StringComparison.Ordinal))
        {
            return await composites.RunAsync(device, form, cancel);
        }
        if (!form.TryGetPath(out var path) || path.IsRoot)
        {
            return ActionReport.Refuse("There is no such path.");
        }
        return form.Operation switch
        {
            "read" => await ReadAsync(device, form, path, cancel),
            "write" => await WriteAsync(device, form, path, cancel),
            "execute" => await ExecuteAsync(device, form, path, cancel),
            "update" => await UpdateAsync(device, form, path, cancel),
            "unset" => await UnsetAsync(device, form, path, cancel),
            "attributes" => await WriteAttributesAsync(device, form, path, cancel),
            "observe" => await ObserveAsync(device, form, path, cancel),
            "stop" => await StopAsync(device, form, path, cancel),
            "discover" => await DiscoverAsync(device, form, path, cancel),
            "create" => await CreateAsync(device, form, path, cancel),
            "delete" => await DeleteAsync(device, form, path, cancel),
            _ => ActionReport.Refuse("The console has no such operation."),
        };
    }

    private Task<ActionReport> ReadAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel) =>
        sender.SendAsync(device, form, new Lwm2mRequest.Read(path, form.Format), response => response.Records is [var only]
            ? ActionReport.Good($"{sender.NameOf(device, path)} is {SafeText.Line(LastValue.Write(only.Value), 80)}{sender.UnitsOf(device, only.Path)}.", $"Read from {only.Path}.")
            : ActionReport.Good($"{response.Records.Count} values read.", $"They are all of {sender.NameOf(device, path)} ({path}) that the device shows."), cancel);

    private async Task<ActionReport> WriteAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        var resource = operations.CatalogOf(device).FindResource(path) ?? new ResourceDefinition { Id = Math.Max(path.ResourceId, 0), Name = $"Resource {path}", Type = ValueKind.String };
        if (path.Depth < 3)
        {
            return ActionReport.Refuse("Only resources are written here.");
        }
        var (records, error) = await ReadValuesAsync(form, resource, path, cancel);
        if (error.Length > 0)
        {
            return ActionReport.Refuse(error);
        }
        return await sender.SendAsync(device, form, new Lwm2mRequest.Write(path, records, true, form.Format),
            response => ActionReport.Good($"{resource.Name} is written.", $"The device answered {response.Code} ({path})."), cancel);
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
            return ActionReport.Refuse("Arguments are written as in 0='on',1: a number from 0 to 9, and a text in single quotes if there is one.");
        }
        return await sender.SendAsync(device, form, new Lwm2mRequest.Execute(path, arguments.Length > 0 ? arguments : null),
            response => ActionReport.Good($"{sender.NameOf(device, path)} is executed.", $"The device answered {response.Code} ({path})."), cancel);
    }

    private async Task<ActionReport> ObserveAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        if (!form.TryReadAttributes(out var attributes, out var error))
        {
            return ActionReport.Refuse($"The attributes cannot be used: {error}.");
        }
        var report = await sender.ObserveAsync(device, form, new ObserveOrder(path) { Attributes = attributes }, sender.NameOf(device, path), cancel);
        if (report.IsGood && attributes is not null && device.Registration.Version < Lwm2mVersion.V12)
        {
            attached.Wrote(device.Key, path, attributes);   // such a device is not told them with the observation
        }
        return report;
    }

    private Task<ActionReport> StopAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel) =>
        StopAsync(device, form, device.Observations.FirstOrDefault(o => !o.IsComposite && o.Path == path), sender.NameOf(device, path), cancel);

    private async Task<ActionReport> StopAsync(DeviceSession device, ActionForm form, Observation? observation, string name, CancellationToken cancel)
    {
        if (observation is null)
        {
            return ActionReport.Refuse($"{name} is not observed.");
        }
        var (response, problem) = await operations.BoundAsync(form.Timeout, stop => device.CancelAsync(observation.Id, stop), cancel);
        return problem is not null ? ActionReport.Of(problem) : ActionReport.Good($"{name} is not observed any more.", response is null ? "" : $"The device answered {response.Code}.");
    }

    private Task<ActionReport> DiscoverAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel) =>
        sender.SendAsync(device, form, new Lwm2mRequest.Discover(path), response =>
        {
            const int shown = 200;
            var root = device.Registration.Links.Root;
            var lines = response.Links.Take(shown).Select(link => LineOf(device, link, root)).ToList();
            return ActionReport.Good($"The device has {response.Links.Count} entries at {path}.", response.Links.Count > shown ? $"The first {shown}:" : "") with { Lines = lines };
        }, cancel);

    private async Task<ActionReport> CreateAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        if (!path.IsObject)
        {
            return ActionReport.Refuse("Instances of objects are created.");
        }
        if (!TryReadInstance(device, form, path.Append(0), out var records, out var error))
        {
            return ActionReport.Refuse(error);
        }
        return await sender.SendAsync(device, form, new Lwm2mRequest.Create(path, null, records, form.Format),
            response => ActionReport.Good("The instance is created.", $"The device answered {response.Code}{(response.Created is { } made ? $" and calls it {made}" : "")}."), cancel);
    }

    private async Task<ActionReport> UpdateAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        if (!path.IsInstance)
        {
            return ActionReport.Refuse("Several values are written to an instance.");
        }
        if (!TryReadInstance(device, form, path, out var records, out var error) || records.Count == 0)
        {
            return ActionReport.Refuse(error.Length > 0 ? error : "Write at least one line, as in 5750 = Kitchen.");
        }
        return await sender.SendAsync(device, form, new Lwm2mRequest.Write(path, records, Replace: false, form.Format),
            response => ActionReport.Good($"{records.Count} {(records.Count == 1 ? "value is" : "values are")} written.", $"The device answered {response.Code} ({path}). What is not named stays as it is."), cancel);
    }

    // One resource a line, and of one with instances the first.
    private bool TryReadInstance(DeviceSession device, ActionForm form, Lwm2mPath instance, out List<Lwm2mRecord> records, out string error)
    {
        records = [];
        if (!form.TryReadLines(out var lines, out error))
        {
            return false;
        }
        foreach (var (id, text) in lines)
        {
            var at = instance.Append(id);
            var resource = operations.CatalogOf(device).FindResource(at) ?? new ResourceDefinition { Id = id, Name = $"Resource {id}", Type = ValueKind.String };
            if (!EditedValue.TryRead(resource, text, out var value, out error))
            {
                return false;
            }
            records.Add(new Lwm2mRecord(resource.IsMultiple ? at.Append(0) : at, value));
        }
        return true;
    }

    private async Task<ActionReport> WriteAttributesAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        if (!form.TryReadAttributes(out var attributes, out var error) || attributes is null)
        {
            return ActionReport.Refuse(error.Length > 0 ? $"The attributes cannot be used: {error}." : "Fill at least one of the conditions in.");
        }
        return await sender.SendAsync(device, form, new Lwm2mRequest.WriteAttributes(path, attributes),
            response => ActionReport.Good($"The conditions of {sender.NameOf(device, path)} are set.", $"The device answered {response.Code} ({path}). They count for whatever is observed there."), cancel);
    }

    private async Task<ActionReport> UnsetAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel)
    {
        if (!AttributesBody.Names.Contains(form.Text) || !AttributeQuery.TryParse(form.Text, out var unset, out _))
        {
            return ActionReport.Refuse("There is no such condition.");
        }
        return await sender.SendAsync(device, form, new Lwm2mRequest.WriteAttributes(path, unset),
            response => ActionReport.Good($"The condition is taken away from {sender.NameOf(device, path)}.", $"The device answered {response.Code} ({path}?{form.Text})."), cancel);
    }

    private Task<ActionReport> DeleteAsync(DeviceSession device, ActionForm form, Lwm2mPath path, CancellationToken cancel) =>
        sender.SendAsync(device, form, new Lwm2mRequest.Delete(path), response => ActionReport.Good($"{path} is deleted.", $"The device answered {response.Code}."), cancel);

    private async Task<ActionReport> CancelAsync(string id) => await server.Operations.CancelAsync(id) switch
    {
        null => ActionReport.Refuse("There is no such operation any more."),
        { State: OperationState.Cancelled } => ActionReport.Good("It is taken back.", "The device was not asked."),
        var other => new ActionReport(false, "It was too late.", $"The operation is {OperationJson.StateOf(other)}."),
    };

    private static async Task<ActionReport> SetAwakeWindowAsync(DeviceSession device, string text)
    {
        if (text.Length == 0)
        {
            await device.SetAwakeWindowAsync(null);
            return ActionReport.Good("The device has the awake window of all.", "It has none of its own any more.");
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > AwakeWindowApi.MaxSeconds)
        {
            return new ActionReport(false, "Nothing was changed.", $"An awake window is 0 to {AwakeWindowApi.MaxSeconds} whole seconds.");
        }
        await device.SetAwakeWindowAsync(TimeSpan.FromSeconds(seconds));
        return ActionReport.Good($"The device is taken to listen for {Moments.Span(TimeSpan.FromSeconds(seconds))} after it was heard from.", "The device itself is told nothing.");
    }

    private string LineOf(DeviceSession device, CoreLink link, string root)
    {
        var name = link.TryGetPath(root, out var path) && path.Depth > 0 ? sender.NameOf(device, path) : "";
        return SafeText.Line($"{link.Target}  {name}  {string.Join(' ', link.Attributes.Select(a => $"{a.Key}={a.Value}"))}".TrimEnd(), 160);
    }
}
