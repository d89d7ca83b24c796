using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;

namespace Starling.Platform;

/// <summary>The command line: the verbs, and what becomes of their failures.</summary>
internal static class CommandLine
{
    // A server that is stopped puts back what a check has changed, and keeps sessions: the library would give it two seconds.
    private static readonly TimeSpan _toEnd = TimeSpan.FromSeconds(30);

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var parsed = Create().Parse(arguments.Count == 0 ? ["--help"] : arguments);
        if (parsed.Action is ParseErrorAction)   // not for --help, whatever else is missing
        {
            await ComplainAsync(parsed, error);
            return ExitCode.Usage;
        }
        try
        {
            var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = _toEnd };
            return await parsed.InvokeAsync(invocation, cancel);
        }
        catch (VerbException failure)
        {
            await TellAsync(error, failure);
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
        catch (IOException unwritable)
        {
            await TellAsync(error, new VerbException(ExitCode.Refused, $"The output cannot be written: {unwritable.Message}"));
            return ExitCode.Refused;
        }
    }

    private static async Task ComplainAsync(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        foreach (var message in parsed.Errors.Select(e => e.Message).Distinct())
        {
            await error.WriteLineAsync($"starling: {message}");
        }
        if (command is RootCommand)
        {
            await error.WriteLineAsync($"  There is: {string.Join(", ", command.Subcommands.Select(c => c.Name))}. See: starling --help");
        }
        else
        {
            await error.WriteLineAsync($"  Usage: starling {Whole(command)}{string.Concat(command.Arguments.Select(a => $" <{a.Name}>"))}. See: starling {Whole(command)} --help");
        }
    }

    // A verb of a verb with both names: pki init.
    private static string Whole(Command command) => command.Parents.OfType<Command>().FirstOrDefault(p => p is not RootCommand) is { } verb ? $"{verb.Name} {command.Name}" : command.Name;

    private static RootCommand Create()
    {
        var root = new RootCommand("Starling: an LwM2M server, its REST API, and devices to try it with.")
        {
            UpCommand.Create(),
            DeviceCommand.Create(),
            SimulateCommand.Create(),
            DevicesCommand.Create(),
            ReadCommand.Create(),
            WriteCommand.Create(),
            ExecuteCommand.Create(),
            ObserveCommand.Create(),
            QueueCommand.Create(),
            DiscoverCommand.Create(),
            CreateCommand.Create(),
            DeleteCommand.Create(),
            CheckCommand.Create(),
            CredentialsCommand.Create(),
            HandshakesCommand.Create(),
            FilesCommand.Create(),
            ImageCommand.Create(),
            PkiCommand.Create(),
        };
        ExampleCommand.TeachIn(root);
        return root;
    }

    private static async Task TellAsync(TextWriter error, VerbException failure)
    {
        var text = new StringBuilder($"starling: {Screen.Plain(failure.Message)}");
        foreach (var line in failure.Hint?.Split('\n') ?? [])
        {
            text.Append(Environment.NewLine).Append("  ").Append(Screen.Plain(line));
        }
        await error.WriteLineAsync(text);
    }
}
