using System.Globalization;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>The steps that many cases have in common. Whatever changes the device brings along the way back.</summary>
internal static class CheckSteps
{
    private static readonly Lwm2mPath _clock = new(3, 0, 13);

    /// <summary>Something must be so.</summary>
    public static void Expect(this CheckRun run, bool holds, string expected, string came)
    {
        if (!holds)
        {
            throw CheckException.Failed(expected, came);
        }
    }

    /// <summary>Reads in a format. A device that does not speak it, and need not, ends the case.</summary>
    public static async Task<Lwm2mResponse> ReadAsync(this CheckRun run, string path, ContentFormat? format = null)
    {
        var answer = await run.SendAsync(new Lwm2mRequest.Read(Lwm2mPath.Parse(path), format));
        var isRefused = format is not null && (answer.Code == CoapCode.NotAcceptable || (answer.Code.IsSuccess && answer.Format != format && run.WasRefused(format.Value)));
        return isRefused && IsOptional(format!.Value) ? throw CheckException.Skipped($"The device does not speak {format}, which it need not.") : answer;
    }

    /// <summary>Reads one value; fails when there is none.</summary>
    public static async Task<Lwm2mValue> ValueAsync(this CheckRun run, string path) => (await run.ReadAsync(path)).Value(path);

    /// <summary>The value of a path in an answer.</summary>
    public static Lwm2mValue Value(this Lwm2mResponse answer, string path)
    {
        var wanted = Lwm2mPath.Parse(path);
        foreach (var record in answer.Records)
        {
            if (record.Path == wanted)
            {
                return record.Value;
            }
        }
        throw CheckException.Failed($"a value of {path}", answer.Code.IsSuccess ? $"values of {Paths(answer.Records)}" : answer.Code.ToString());
    }

    /// <summary>The paths of records, in order.</summary>
    public static string Paths(IEnumerable<Lwm2mRecord> records) => string.Join(' ', records.Select(r => r.Path)) is { Length: > 0 } all ? all : "nothing";

    /// <summary>Every value has the type and the place that the object's definition gives it.</summary>
    public static void FitDefinition(this CheckRun run, IEnumerable<Lwm2mRecord> records, string below)
    {
        var count = 0;
        var top = Lwm2mPath.Parse(below);
        foreach (var record in records)
        {
            count++;
            run.Expect(record.Path.StartsWith(top), $"values below {below}", $"a value of {record.Path}");
            if (run.Device.Catalog.FindResource(record.Path) is { Type: not ValueKind.None } definition)
            {
                run.Expect(record.Value.TryConvert(definition.Type, out _), $"{record.Path} ({definition.Name}) is {definition.Type}", $"{record.Value}, which is {record.Value.Kind}");
                run.Expect(definition.IsMultiple == record.Path.IsResourceInstance, $"{record.Path} ({definition.Name}) {(definition.IsMultiple ? "has" : "has no")} instances", record.Path.ToString());
            }
        }
        run.Expect(count > 0, $"values of {below}", "none");
    }

    /// <summary>Writes one value in a format, and the old one when the case ends.</summary>
    public static async Task<Lwm2mResponse> ChangeAsync(this CheckRun run, string path, Lwm2mValue value, ContentFormat? format = null)
    {
        var at = Lwm2mPath.Parse(path);
        await run.KeepAsync(path);
        return await run.WriteAsync(new Lwm2mRequest.Write(at, [new Lwm2mRecord(at, value)], Replace: true, format));
    }

    /// <summary>Writes. A device that does not speak the format, and need not, ends the case.</summary>
    public static async Task<Lwm2mResponse> WriteAsync(this CheckRun run, Lwm2mRequest.Write write)
    {
        var answer = await run.SendAsync(write);
        return answer.Code == CoapCode.UnsupportedContentFormat && write.Format is { } format && IsOptional(format)
            ? throw CheckException.Skipped($"The device does not speak {format}, which it need not.")
            : answer;
    }

    /// <summary>What is at a path now is there again when the case ends.</summary>
    public static async Task KeepAsync(this CheckRun run, string path)
    {
        var at = Lwm2mPath.Parse(path);
        var now = await run.SendAsync(new Lwm2mRequest.Read(at));
        if (!now.Code.IsSuccess && at.Depth > 2)
        {
            await run.KeepAsync(at.Take(2).ToString());   // only the whole instance can be written without it
            return;
        }
        Lwm2mRecord[] writable = [.. now.Records.Where(r => run.Device.Catalog.FindResource(r.Path)?.Operations.HasFlag(ResourceOperations.Write) ?? true)];
        if (now.Code.IsSuccess && writable.Length > 0)
        {
            var then = run.Now;
            run.Undo(path, stop => run.PutBackAsync(new Lwm2mRequest.Write(at, [.. writable.Select(r => LaterBy(r, run.Now - then))]), stop));
        }
    }

    // The device's clock has gone on meanwhile.
    private static Lwm2mRecord LaterBy(Lwm2mRecord record, TimeSpan passed) => record.Path == _clock && record.Value.Kind == ValueKind.Time
        ? record with { Value = Lwm2mValue.Time(record.Value.AsInteger() + (long)Math.Round(passed.TotalSeconds)) }
        : record;

    /// <summary>Sends what undoes something; throws when the device refuses.</summary>
    public static async Task PutBackAsync(this CheckRun run, Lwm2mRequest request, CancellationToken stop)
    {
        var answer = await run.BoundAsync(either => run.Device.SendAsync(request, either), stop);
        run.Expect(answer.Code.IsSuccess, "2.04", answer.Code.ToString());
    }

    /// <summary>Attaches attributes, and the old ones when the case ends.</summary>
    public static async Task<Lwm2mResponse> AttachAsync(this CheckRun run, string path, string query)
    {
        var at = Lwm2mPath.Parse(path);
        var before = await run.AttachedAsync(at);
        var attributes = Attributes(query);
        var answer = await run.SendAsync(new Lwm2mRequest.WriteAttributes(at, attributes));
        if (answer.Code.IsSuccess)
        {
            var old = string.Join('&', AttributeQuery.Pairs(attributes).Select(p => before.TryGetValue(p.Key, out var was) ? $"{p.Key}={was}" : p.Key));
            run.Undo($"the attributes of {path}", stop => run.PutBackAsync(new Lwm2mRequest.WriteAttributes(at, Attributes(old)), stop));
        }
        return answer;
    }

    /// <summary>Attributes as a query says them: <c>pmin=10&amp;pmax=60</c>.</summary>
    public static NotificationAttributes Attributes(string query) =>
        AttributeQuery.TryParse(query, out var attributes, out var error) ? attributes : throw new FormatException($"{query}: {error}");

    /// <summary>Observes a path, with attributes attached before, and ends it when the case ends.</summary>
    public static async Task<Watch> ObserveAsync(this CheckRun run, string path, string attributes = "")
    {
        var at = Lwm2mPath.Parse(path);
        if (attributes.Length > 0)
        {
            await run.AttachAsync(path, attributes);
            run.Saw($"PUT {path}?{attributes}", "2.04");
        }
        return await run.ObserveAsync(new ObserveOrder(at), $"GET {path} Observe:0 Accept:*");
    }

    /// <summary>Observes several paths at once, and ends that when the case ends. A device that cannot, and need not, ends the case.</summary>
    public static Task<Watch> ObserveAsync(this CheckRun run, IReadOnlyList<Lwm2mPath> paths) =>
        run.ObserveAsync(new ObserveOrder(paths) { IsComposite = true }, "FETCH / Observe:0 Content-Format:* Accept:* ...");

    /// <summary>Observes, and ends it when the case ends.</summary>
    /// <param name="run">The case.</param>
    /// <param name="order">What is wanted.</param>
    /// <param name="request">What the device must have been sent.</param>
    public static async Task<Watch> ObserveAsync(this CheckRun run, ObserveOrder order, string request)
    {
        var known = run.Device.Observations.FirstOrDefault(o => o.IsComposite == order.IsComposite && o.Paths.SequenceEqual(order.Paths));
        var before = known is null ? null : new ObserveOrder(known.Paths) { IsComposite = known.IsComposite, Attributes = known.Attributes, Accept = known.Accept };
        var answer = await run.BoundAsync(stop => run.Device.ObserveAsync(order, stop));
        if (order.IsComposite && (answer.Response.Code == CoapCode.MethodNotAllowed || answer.Response.Code == CoapCode.NotImplemented))
        {
            throw CheckException.Skipped("The device has no composite operations, which it need not have.");
        }
        if (answer.Observation is { } begun)
        {
            run.Undo($"the observation of {string.Join(' ', order.Paths)}", async stop => _ = before is null
                ? (object?)await run.Device.CancelAsync(begun.Id, stop)
                : await run.Device.ObserveAsync(before, stop));
        }
        var first = run.Saw(request, "2.05 Observe:* Content-Format:* ...");
        return new Watch(run, answer.Observation!, first);
    }

    /// <summary>Ends an observation: with the request that began it, save Observe (RFC 7641 §3.6).</summary>
    public static async Task CancelAsync(this CheckRun run, Watch watch)
    {
        await run.BoundAsync(stop => run.Device.CancelAsync(watch.Observation.Id, stop));
        run.Saw(watch.Observation.IsComposite ? "FETCH / Observe:1 Content-Format:* Accept:* ..." : $"GET {watch.Observation.Path} Observe:1 Accept:* ...", "2.05 Content-Format:* ...");
        watch.Forget();
    }

    /// <summary>Discovers a path.</summary>
    public static Task<Lwm2mResponse> DiscoverAsync(this CheckRun run, string path) => run.SendAsync(new Lwm2mRequest.Discover(Lwm2mPath.Parse(path)));

    /// <summary>The link of a path shows exactly these attributes, in any order: <c>dim=2 pmin=10</c>. Numbers count by their value.</summary>
    public static void Shows(this CheckRun run, Lwm2mResponse discovered, string path, string attributes)
    {
        var shown = AttributesOf(run, discovered, Lwm2mPath.Parse(path)) ?? throw CheckException.Failed($"a link to {path}", Links(discovered));
        var wanted = attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split('=')).ToDictionary(a => a[0], a => a[1]);
        shown.Remove("ver");
        run.Expect(wanted.Count == shown.Count && wanted.All(w => shown.TryGetValue(w.Key, out var value) && IsSame(w.Value, value)),
            $"<{path}> with {(attributes.Length > 0 ? attributes : "no attributes")}", $"it with {string.Join(' ', shown.Select(s => $"{s.Key}={s.Value}"))}");
    }

    /// <summary>The payload of a Discover as text.</summary>
    public static string Text(Lwm2mResponse discovered) => System.Text.Encoding.UTF8.GetString(discovered.Raw.Span);

    /// <summary>The links of a Discover, as they came.</summary>
    public static string Links(Lwm2mResponse discovered) => string.Join(',', discovered.Links.Select(l => $"<{l.Target}>"));

    // Discover shows at its target what is attached and what is inherited, and below it only what is attached (LwM2M Core 1.2 §6.3.2). An object
    // inherits the periods of the account.
    private static async Task<Dictionary<string, string>> AttachedAsync(this CheckRun run, Lwm2mPath path)
    {
        var answer = await run.SendAsync(new Lwm2mRequest.Discover(path.Depth > 1 ? path.Parent : path));
        var attached = AttributesOf(run, answer, path) ?? [];
        if (path.IsObject)
        {
            await RemoveDefaultAsync("pmin", 2);
            await RemoveDefaultAsync("pmax", 3);
        }
        return attached;

        async Task RemoveDefaultAsync(string name, int resource)
        {
            var period = await run.SendAsync(new Lwm2mRequest.Read(Lwm2mPath.Parse(run.Account).Append(resource)));
            if (period.Records is [var only] && attached.TryGetValue(name, out var shown) && IsSame(only.Value.ToString(), shown))
            {
                attached.Remove(name);
            }
        }
    }

    private static Dictionary<string, string>? AttributesOf(CheckRun run, Lwm2mResponse answer, Lwm2mPath path)
    {
        var root = run.Device.Registration.Links.Root;
        var link = answer.Links.FirstOrDefault(l => l.TryGetPath(root, out var at) && at == path);
        return link?.Attributes.GroupBy(a => a.Key).ToDictionary(a => a.Key, a => a.First().Value ?? "");
    }

    private static bool IsSame(string wanted, string shown) =>
        wanted == shown || (double.TryParse(wanted, CultureInfo.InvariantCulture, out var a) && double.TryParse(shown, CultureInfo.InvariantCulture, out var b) && a == b);

    /// <summary>Text, octets and links are every device's; the rest it may choose from.</summary>
    private static bool IsOptional(ContentFormat format) => format != ContentFormat.Text && format != ContentFormat.OctetStream && format != ContentFormat.LinkFormat;

    // The server asks again without Accept when a format is refused; what was refused stands in the conversation.
    private static bool WasRefused(this CheckRun run, ContentFormat format) =>
        run.Messages.Any(m => m.IsFromDevice && m.Code == CoapCode.NotAcceptable
            && run.Messages.Any(asked => !asked.IsFromDevice && asked.Token == m.Token && asked.Message.Options.Accept == format));
}
