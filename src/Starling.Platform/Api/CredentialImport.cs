using System.Globalization;
using Starling.Server;

namespace Starling.Platform;

/// <summary>A table of credentials, read and tried: nothing has been taken.</summary>
/// <param name="Credentials">Those that can be taken together when there are no problems.</param>
/// <param name="Problems">What is wrong, by lines; line 0 is the table as a whole.</param>
internal sealed record CredentialImport(IReadOnlyList<Credential> Credentials, IReadOnlyList<(int Line, string Problem)> Problems)
{
    private const int MaxProblems = 100;

    /// <summary>Reads a table and tries it against what is there.</summary>
    public static CredentialImport Read(string text, DeviceCredentials credentials)
    {
        var (rows, problem) = CredentialCsv.Read(text, credentials);
        if (problem is not null)
        {
            return new CredentialImport([], [(0, problem)]);
        }
        var problems = rows.Where(r => r.Problem is not null).Select(r => (r.Line, r.Problem!)).ToList();
        var good = rows.Where(r => r.Credential is not null).ToList();
        var refusals = credentials.Check([.. good.Select(r => r.Credential!)], MaxProblems);
        problems.AddRange(refusals.Select(r => (good[r.Index].Line, r.Why)));
        var taken = good.Where((_, at) => refusals.All(r => r.Index != at)).Select(r => r.Credential!);
        var shown = problems.OrderBy(p => p.Item1).Take(MaxProblems).ToList();
        if (problems.Count > MaxProblems)
        {
            shown.Add((0, string.Create(CultureInfo.InvariantCulture, $"There are {problems.Count - MaxProblems} more lines with something wrong.")));
        }
        return new CredentialImport([.. taken], shown);
    }
}
