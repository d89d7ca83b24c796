using System.Text;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Starling.Platform;

/// <summary>What a verb prints: lines and tables for people, or JSON for programs. What devices say commands no terminal.</summary>
internal sealed class Screen(TextWriter output, bool json)
{
    private const int WidthOfNoTerminal = 400;   // wide enough that nothing is folded in a file or a pipe

    /// <summary>Whether programs read this.</summary>
    public bool Json => json;

    /// <summary>One line for people; nothing when programs read.</summary>
    public void Line(string text)
    {
        if (!json)
        {
            output.WriteLine(Plain(text));
        }
    }

    /// <summary>The text in one line, with what would steer a terminal written out.</summary>
    public static string Plain(string text) => SafeText.Line(text, int.MaxValue);

    /// <summary>One line of JSON for programs, and what it means for people.</summary>
    public void Answer(JsonNode body, Action<Screen> forPeople)
    {
        if (json)
        {
            output.WriteLine(Encoding.UTF8.GetString(JsonAnswer.ToBytes(body).Span));
        }
        else
        {
            forPeople(this);
        }
        output.Flush();
    }

    /// <summary>A table for people.</summary>
    public void Table(string[] heads, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var head in heads)
        {
            table.AddColumn(new TableColumn(new Text(head)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }
        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Plain(cell))));
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        if (output != Console.Out || Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfNoTerminal;
        }
        console.Write(table);
    }
}
