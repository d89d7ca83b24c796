using System.Text;
using Starling.Server;

namespace Starling.Platform;

/// <summary>
/// Credentials as a table (RFC 4180): a head with names of <see cref="CredentialBody.Names"/>, then a line a device. Everything is read before anything is
/// taken, so that the whole list of mistakes is seen at once.
/// </summary>
internal static class CredentialCsv
{
    /// <summary>How many lines a table may have.</summary>
    public const int MaxRows = 50_000;

    /// <summary>The names of the columns that there are.</summary>
    public static string[] Columns { get; } = ["endpoint", "pskIdentity", "pskKey", "publicKey", "fingerprint", "subject", "notBefore", "notAfter"];

    /// <summary>Reads a table.</summary>
    /// <returns>The credentials in the order of their lines, and what is wrong with lines.</returns>
    public static (List<CsvRow> Rows, string? Problem) Read(string text, DeviceCredentials credentials)
    {
        var lines = Split(text, out var isOpen);
        var rows = new List<CsvRow>();
        if (lines.Count == 0)
        {
            return (rows, $"The first line names the columns: {string.Join(",", Columns)}.");
        }
        var heads = lines[0].Cells;
        if (heads.FirstOrDefault(h => !Columns.Contains(h)) is { } other)
        {
            return (rows, $"There is no column '{other}'; there is {string.Join(", ", Columns)}.");
        }
        if (heads.Count != heads.Distinct().Count())
        {
            return (rows, "A column is named twice.");
        }
        if (isOpen)
        {
            return (rows, "A quote is opened and not closed.");
        }
        if (lines.Count - 1 > MaxRows)
        {
            return (rows, $"A table has at most {MaxRows} lines.");
        }
        rows.AddRange(lines.Skip(1).Select(line => ReadRow(line, heads, credentials)));
        return (rows, rows.Count == 0 ? "There is no line below the head." : null);
    }

    private static CsvRow ReadRow((int Line, List<string> Cells) line, List<string> heads, DeviceCredentials credentials)
    {
        if (line.Cells.Count != heads.Count)
        {
            return new CsvRow(line.Line, null, $"It has {line.Cells.Count} cells, and the head has {heads.Count}.");
        }
        var body = new CredentialBody(name => heads.IndexOf(name) is >= 0 and var at && line.Cells[at].Length > 0 ? line.Cells[at] : null, credentials);
        if (!body.TryMake(out var credential, out var problem))
        {
            return new CsvRow(line.Line, null, problem!.Detail);
        }
        // A key that nobody gets to see is of no use.
        return body.Generated is not null ? new CsvRow(line.Line, null, "It has no pskKey.") : new CsvRow(line.Line, credential, null);
    }

    // Cells with commas, quotes or line ends stand in quotes; a quote within is doubled.
    private static List<(int Line, List<string> Cells)> Split(string text, out bool isOpen)
    {
        var (lines, cells, cell) = (new List<(int, List<string>)>(), new List<string>(), new StringBuilder());
        var (line, begin, isQuoted) = (1, 1, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            line += c == '\n' ? 1 : 0;
            if (isQuoted ? c == '"' && i + 1 < text.Length && text[i + 1] == '"' : c is not ('"' or ',' or '\r' or '\n' or '\uFEFF'))
            {
                cell.Append(c);
                i += isQuoted ? 1 : 0;
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted)
            {
                cell.Append(c);
            }
            else if (c is ',' or '\n')
            {
                Take();
                begin = c == '\n' ? End() : begin;
            }
        }
        Take();
        End();
        isOpen = isQuoted;
        return lines;

        void Take()
        {
            cells.Add(cell.ToString().Trim());
            cell.Clear();
        }

        int End()
        {
            if (cells.Any(t => t.Length > 0))
            {
                lines.Add((begin, cells));
            }
            cells = [];
            return line;
        }
    }
}

/// <summary>One line of a table.</summary>
/// <param name="Line">Its number in the file: 1 is the first.</param>
/// <param name="Credential">What it says; null when it cannot be read.</param>
/// <param name="Problem">Why; null when it can.</param>
internal sealed record CsvRow(int Line, Credential? Credential, string? Problem);
