using System.CommandLine;
using Starling.Client;

namespace Starling.Platform;

/// <summary><c>starling simulate</c></summary>
internal static class SimulateCommand
{
    private const int MaxCount = 50_000;   // one UDP port each

    public static Command Create()
    {
        var command = new ExampleCommand("simulate", "Runs many simulated devices in one process: temperature sensors, power meters and street lights.",
            "simulate --count 100", "simulate --count 1000 --name load --lifetime 60",
            "simulate --count 3 --name lamp --server coaps://127.0.0.1:5684 --cert pki/devices/{}.pem --key pki/devices/{}.key --ca pki/ca.pem");
        var options = DeviceArguments.Create();
        var count = new Option<int>("--count") { Description = "How many.", Required = true, HelpName = "NUMBER" };
        var name = new Option<string>("--name") { Description = "What the endpoint names begin with; a number follows.", DefaultValueFactory = _ => "sim", HelpName = "NAME" };
        command.Options.Add(count);
        command.Options.Add(name);
        options.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(
            options.Read(parsed) with { Count = parsed.GetValue(count), Name = parsed.GetValue(name)! }, parsed.InvocationConfiguration.Output, cancel));
        return command;
    }

    private static async Task<int> RunAsync(FleetSettings settings, TextWriter output, CancellationToken cancel)
    {
        if (settings.Count is < 1 or > MaxCount)
        {
            throw new VerbException(ExitCode.Usage, $"--count is 1 to {MaxCount}.");
        }
        await using var fleet = new SimulatedFleet(settings.Checked(), TimeProvider.System);
        using var silence = new SilentServer(settings.Server, output, TimeProvider.System);
        var (told, problem) = (0, "");
        fleet.Changed += (name, status) =>
        {
            silence.Take(status);
            if (fleet.Registered == settings.Count && Interlocked.Exchange(ref told, 1) == 0)
            {
                output.WriteLine(Counted.All(settings.Count, "device"));
            }
            if (status is { State: RegistrationState.Backoff or RegistrationState.Failed, Problem: { } why } && Interlocked.Exchange(ref problem, why) != why)
            {
                output.WriteLine($"{name}: {why}");
            }
        };
        output.WriteLine($"{Counted.Of(settings.Count, "device calls", "devices call")} {settings.Server.OriginalString}; Ctrl-C ends {(settings.Count == 1 ? "it" : "them")}.");
        await fleet.RunAsync(cancel);
        output.WriteLine("Stopped.");
        return ExitCode.Done;
    }
}
