using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Starling.Platform;

/// <summary>A command whose help shows how it is used.</summary>
internal sealed class ExampleCommand : Command
{
    public ExampleCommand(string name, string description, params string[] examples) : base(name, description)
    {
        Examples = examples;
    }

    /// <summary>Whole command lines, without the program's name.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Lets the help of a command line end with the examples of the command that is asked about.</summary>
    public static void TeachIn(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Lesson((HelpAction)help.Action!);
    }

    private sealed class Lesson(HelpAction usual) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var result = usual.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is ExampleCommand { Examples.Count: > 0 } command)
            {
                output.WriteLine("Examples:");
                foreach (var example in command.Examples)
                {
                    output.WriteLine($"  {CommandName.Typed} {example}");
                }
                output.WriteLine();
            }
            output.WriteLine("Exit codes: 0 done, 1 the device or the server said no, 2 wrong command line, 3 server not there, 4 no answer from the device, 5 what the server keeps cannot be used.");
            return result;
        }
    }
}
