namespace Starling.Platform.Tests;

/// <summary>A command line that runs in this process, with what it printed.</summary>
internal static class CommandRun
{
    public static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(arguments, output, error, RunningPlatform.Patience);
        return (exit, output.ToString(), error.ToString());
    }
}
