using System.Globalization;
using System.Text;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Does what the forms of the credentials' page ask for, and says what came of it.</summary>
internal sealed class CredentialActions(DeviceCredentials credentials, CredentialTrial trial)
{
    private const int MaxHours = 365 * 24;

    public async Task<ActionReport> RunAsync(IFormCollection form, CancellationToken cancel)
    {
        var id = form["id"].ToString();
        return form["op"].ToString() switch
        {
            "add" => await AddAsync(form, cancel),
            "rotate" => await RotateAsync(form, id, cancel),
            "remove" => Done(await credentials.RemoveAsync(id, cancel), "The credential is removed.", "Its device is refused from now on."),
            "disable" => Done(await credentials.EnableAsync(id, false, cancel), "The credential is switched off.", "Its device is refused until it is switched on again."),
            "enable" => Done(await credentials.EnableAsync(id, true, cancel), "The credential is switched on.", ""),
            "preview" => await ImportAsync(form, isTrial: true, cancel),
            "import" => await ImportAsync(form, isTrial: false, cancel),
            "explain" => Explain(form),
            _ => new ActionReport(false, "Nothing was done.", "The form asks for nothing that is known."),
        };
    }

    private async Task<ActionReport> AddAsync(IFormCollection form, CancellationToken cancel)
    {
        var told = new CredentialBody(name => Given(form, name), credentials);
        if (!told.TryMake(out var credential, out var problem))
        {
            return new ActionReport(false, "The credential is not added.", SafeText.Line(problem!.Detail, 300));
        }
        return await credentials.AddAsync([credential], cancel) is { } refusal
            ? new ActionReport(false, "The credential is not added.", SafeText.Line(refusal.Why, 300))
            : Made("The credential is added.", credential, told.Generated);
    }

    private async Task<ActionReport> RotateAsync(IFormCollection form, string id, CancellationToken cancel)
    {
        if (credentials.Find(id) is not { } old)
        {
            return new ActionReport(false, "Nothing is rotated.", "The credential is gone.");
        }
        if (!int.TryParse(form["hours"], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours > MaxHours)
        {
            return new ActionReport(false, "Nothing is rotated.", $"Both count for 0 to {MaxHours} hours.");
        }
        var told = new CredentialBody(name => name == "endpoint" ? null : Given(form, name), credentials);
        if (!told.TryMake(out var next, out var problem, old))
        {
            return new ActionReport(false, "Nothing is rotated.", SafeText.Line(problem!.Detail, 300));
        }
        return await credentials.RotateAsync(id, trial.InPlaceOf(old, next), TimeSpan.FromHours(hours), cancel) is { } refusal
            ? new ActionReport(false, "Nothing is rotated.", SafeText.Line(refusal.Why, 300))
            : Made(hours == 0 ? "The old credential has ended." : $"The old credential ends in {Counted.Of(hours, "hour", "hours")}.", next, told.Generated);
    }

    private async Task<ActionReport> ImportAsync(IFormCollection form, bool isTrial, CancellationToken cancel)
    {
        if (form.Files.GetFile("file") is not { Length: > 0 } file)
        {
            return new ActionReport(false, "Nothing is added.", "The file is empty, or none was chosen.");
        }
        using var text = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
        var import = CredentialImport.Read(await text.ReadToEndAsync(cancel), credentials);
        var counted = Counted.Of(import.Credentials.Count, "credential", "credentials");
        if (import.Problems.Count > 0)
        {
            var wrong = Counted.Of(import.Problems.Count, "thing is", "things are");
            return new ActionReport(false, "Nothing is added.", $"{wrong} wrong in the table; {counted} could be added.")
            {
                Lines = [.. Told(import.Problems)],
            };
        }
        if (isTrial)
        {
            return new ActionReport(true, "Nothing is wrong in the table.", $"{counted} can be added.") { Lines = [.. Told(import.Warnings, "warning: ")] };
        }
        return await credentials.AddAsync(import.Credentials, cancel) is { } refusal
            ? new ActionReport(false, "Nothing is added.", SafeText.Line(refusal.Why, 300))
            : new ActionReport(true, $"{counted} added.", "") { Lines = [.. Told(import.Warnings, "warning: ")] };
    }

    private static IEnumerable<string> Told(IEnumerable<(int Line, string Text)> said, string before = "") =>
        said.Select(s => SafeText.Line($"{(s.Line == 0 ? "" : $"line {s.Line}: ")}{before}{s.Text}", 300));

    private ActionReport Explain(IFormCollection form)
    {
        if (!trial.TryRun(name => Given(form, name), out var answer, out var problem))
        {
            return new ActionReport(false, "That cannot be answered.", SafeText.Line(problem!.Detail, 300));
        }
        var verdict = answer.Endpoint is { } endpoint ? $"It would be registered as {SafeText.Line(endpoint, 80)}."
            : answer.Code is { } code ? $"Its Register would be answered {code}."
            : "Its handshake would fail.";
        return new ActionReport(answer.Endpoint is not null, verdict, "")
        {
            Lines = [.. answer.Steps.Select(s => SafeText.Line($"{(s.Allows == true ? "yes" : "no ")}  {s.Rule}: {s.Why}", 400))],
        };
    }

    private static ActionReport Made(string title, Credential credential, byte[]? generated) => generated is null
        ? new ActionReport(true, title, credential.Warning is { } warning ? $"Warning: {warning}" : "")
        : new ActionReport(true, title, "The key was made here and is shown only now: put it into the device.")
        {
            Lines = [$"PSK identity  {SafeText.Line(((Credential.PreSharedKey)credential).Identity, 130)}", $"Key           {Convert.ToHexStringLower(generated)}"],
        };

    private static ActionReport Done(CredentialRefusal? refusal, string title, string detail) =>
        refusal is null ? new ActionReport(true, title, detail) : new ActionReport(false, "Nothing was done.", SafeText.Line(refusal.Why, 200));

    private static string? Given(IFormCollection form, string name) => form[name].ToString().Trim() is { Length: > 0 } text ? text : null;
}
