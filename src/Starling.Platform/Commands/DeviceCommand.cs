using System.CommandLine;
using Starling.Client;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary><c>starling device</c></summary>
internal static class DeviceCommand
{
    public static Command Create()
    {
        var command = new ExampleCommand("device", "Runs a simulated device: temperature sensor, power meter and street light in one, with values that move.",
            "device", "device --server coap://127.0.0.1:5683 --endpoint my-device --lifetime 60", "device --queue --awake 5 --lifetime 60",
            "device --server coaps://127.0.0.1:5684 --endpoint my-device --psk-key @my-device.psk", "device --object my-object.xml --lwm2m 1.1");
        var options = DeviceArguments.Create();
        var endpoint = new Option<string>("--endpoint") { Description = "The endpoint name.", DefaultValueFactory = _ => "my-device", HelpName = "NAME" };
        var files = new Option<FileInfo[]>("--object") { Description = "One more object, by its OMA definition; with values that fit.", HelpName = "FILE.xml", Arity = ArgumentArity.OneOrMore };
        options.AddTo(command);
        command.Options.Add(endpoint);
        command.Options.Add(files);
        command.SetAction(async (parsed, cancel) =>
        {
            var extra = (parsed.GetValue(files) ?? []).SelectMany(f => KnownObjects.ReadFile(f.FullName)).ToArray();
            var settings = options.Read(parsed) with { Name = parsed.GetValue(endpoint)!, Numbered = false, Mixed = false, Extra = extra };
            settings = (settings with { Catalog = settings.Catalog.With(extra) }).Checked();
            var output = parsed.InvocationConfiguration.Output;
            await using var fleet = new SimulatedFleet(settings, TimeProvider.System);
            var wasRegistered = false;
            using var silence = new SilentServer(settings.Server, output, TimeProvider.System);
            fleet.Changed += (name, status) =>
            {
                wasRegistered |= status.IsRegistered;
                silence.Take(status);
                output.WriteLine(status.State == RegistrationState.Deregistered && !wasRegistered ? $"{name}: stopped" : Describe(name, settings.Server, status));
            };
            fleet.AwakeChanged += (name, isAwake) => output.WriteLine($"{name}: {(isAwake ? "awake" : "asleep")}");
            output.WriteLine($"{settings.Name} calls {settings.Server.OriginalString}; Ctrl-C ends it.");
            await fleet.RunAsync(cancel);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Describe(string name, Uri server, RegistrationStatus status) => status.State switch
    {
        RegistrationState.Registering => $"{name}: registering with {server.OriginalString} as LwM2M {status.Version} ...",
        RegistrationState.Registered => $"{name}: registered at {status.Location}",
        RegistrationState.Backoff or RegistrationState.Failed => $"{name}: {status.Problem}",
        _ => $"{name}: {status.State.ToString().ToLowerInvariant()}",
    };
}
