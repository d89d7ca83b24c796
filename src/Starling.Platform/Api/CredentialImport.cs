using System.Globalization;
using Starling.Server;

namespace Starling.Platform;

/// <summary>A table of credentials, read and tried: nothing has been taken.</summary>
/// <param name="Credentials">Those that can be taken together when there are no problems.</param>
/// <param name="Problems">What is wrong, by lines; line 0 is the table as a whole.</param>
/// <param name="Warnings">What is to be said against credentials that can be taken, likewise.</param>
internal sealed record CredentialImport(
    IReadOnlyList<Credential> Credentials, IReadOnlyList<(int Line, string Text)> Problems, IReadOnlyList<(int Line, string Text)> Warnings)
{
    private const int MaxShown = 100;

    /// <summary>Reads a table and tries it against what is there.</summary>
    public static CredentialImport Read(string text, DeviceCredentials credentials)
    {
        var (rows, problem) = CredentialCsv.Read(text, credentials);
        if (problem is not null)
        {
            return new CredentialImport([], [(0, problem)], []);
        }
        var problems = rows.Where(r => r.Problem is not null).Select(r => (r.Line, r.Problem!)).ToList();
        var good = rows.Where(r => r.Credential is not null).ToList();
        var refusals = credentials.Check([.. good.Select(r => r.Credential!)], MaxShown);
        problems.AddRange(refusals.Select(r => (good[r.Index].Line, r.Why)));
        var taken = good.Where((_, at) => refusals.All(r => r.Index != at)).ToList();
        var warnings = taken.Where(r => r.Credential!.Warning is not null).Select(r => (r.Line, r.Credential!.Warning!)).ToList();
        return new CredentialImport([.. taken.Select(r => r.Credential!)], Shown(problems, "with something wrong"), Shown(warnings, "to be warned of"));
    }

    private static List<(int Line, string Text)> Shown(List<(int Line, string Text)> all, string what)
    {
        var shown = all.OrderBy(p => p.Line).Take(MaxShown).ToList();
        if (all.Count > MaxShown)
        {
            shown.Add((0, string.Create(CultureInfo.InvariantCulture, $"There are {all.Count - MaxShown} more lines {what}.")));
        }
        return shown;
    }
}
