using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Does what the form for several paths at once asks for: each is one message to the device (LwM2M Core 1.2 §6.3.8, §6.3.9, §6.4.4).</summary>
internal sealed class CompositeActions(DeviceOperations operations, ActionSender sender)
{
    private const int MaxPaths = 100;

    public async Task<ActionReport> RunAsync(DeviceSession device, ActionForm form, CancellationToken cancel)
    {
        if (device.Registration.Version < Lwm2mVersion.V11)
        {
            return ActionReport.Refuse($"The device speaks LwM2M {device.Registration.Version}, which knows no message for several things at once. Take them one by one.");
        }
        if (!TryReadLines(form.Text, out var lines, out var wrong))
        {
            return ActionReport.Refuse(wrong);
        }
        return form.Operation switch
        {
            "read-several" => await ReadAsync(device, form, lines, cancel),
            "write-several" => await WriteAsync(device, form, lines, cancel),
            _ => await sender.ObserveAsync(device, form, new ObserveOrder([.. lines.Select(l => l.Path)]) { IsComposite = true }, $"{lines.Count} paths", cancel),
        };
    }

    // As somebody typed them or a tick wrote them: a path, and for a Write its value behind a sign.
    private static bool TryReadLines(string text, out List<(Lwm2mPath Path, string? Value)> lines, out string wrong)
    {
        lines = [];
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = line.IndexOf('=', StringComparison.Ordinal);
            if (!Lwm2mPath.TryParse((sign < 0 ? line : line[..sign]).Trim(), null, out var path) || path.IsRoot)
            {
                wrong = $"'{SafeText.Line(line, 40)}' is no line of the form /3303/0/5700, for Write with its value: /3/0/14 = +01:00.";
                return false;
            }
            if (lines.All(l => l.Path != path))
            {
                lines.Add((path, sign < 0 ? null : line[(sign + 1)..].Trim()));
            }
        }
        wrong = lines.Count is 0 ? "Mark some resources, or write their paths, one a line." : $"At most {MaxPaths} paths fit into one message.";
        return lines.Count is > 0 and <= MaxPaths;
    }

    private Task<ActionReport> ReadAsync(DeviceSession device, ActionForm form, List<(Lwm2mPath Path, string? Value)> lines, CancellationToken cancel) =>
        sender.SendAsync(device, form, new Lwm2mRequest.ReadComposite([.. lines.Select(l => l.Path)]), response =>
        {
            var told = response.Records.Select(r =>
                $"{r.Path}  {SafeText.Line(sender.NameOf(device, r.Path), 40)}: {SafeText.Line(LastValue.Write(r.Value), 80)}{sender.UnitsOf(device, r.Path)}");
            var absent = lines.Where(l => response.Records.All(r => !r.Path.StartsWith(l.Path))).Select(l => l.Path.ToString()).ToArray();
            var left = absent.Length > 0 ? $" The device left out {string.Join(", ", absent)}: it has no such thing, or does not show it." : "";
            return ActionReport.Good($"{response.Records.Count} {(response.Records.Count == 1 ? "value is" : "values are")} read in one message.", left.TrimStart()) with { Lines = [.. told] };
        }, cancel);

    private async Task<ActionReport> WriteAsync(DeviceSession device, ActionForm form, List<(Lwm2mPath Path, string? Value)> lines, CancellationToken cancel)
    {
        var records = new List<Lwm2mRecord>();
        foreach (var (path, text) in lines)
        {
            var resource = operations.CatalogOf(device).FindResource(path) ?? new ResourceDefinition { Id = Math.Max(path.ResourceId, 0), Name = $"Resource {path}", Type = ValueKind.String };
            if (path.Depth < 3 || text is null)
            {
                return ActionReport.Refuse($"To write, each line has a resource and its value, as in /3/0/14 = +01:00. {path} has none.");
            }
            if (resource.IsMultiple && path.IsResource)
            {
                return ActionReport.Refuse($"{resource.Name} ({path}) has instances: write which, as in {path}/0.");
            }
            if (!EditedValue.TryRead(resource, text, out var value, out var why))
            {
                return ActionReport.Refuse(why);
            }
            records.Add(new Lwm2mRecord(path, value));
        }
        return await sender.SendAsync(device, form, new Lwm2mRequest.WriteComposite(records),
            response => ActionReport.Good($"{records.Count} {(records.Count == 1 ? "value is" : "values are")} written in one message.", $"The device answered {response.Code}. It takes all or none."), cancel);
    }
}
