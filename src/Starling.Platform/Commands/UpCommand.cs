using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Starling.Server;

namespace Starling.Platform;

/// <summary><c>starling up</c></summary>
internal static class UpCommand
{
    private const int MaxDemo = 10_000;
    private const string NoAddress = "none";

    public static Command Create()
    {
        var command = new ExampleCommand("up", "Starts the LwM2M server (CoAP over UDP, plain and by DTLS) and its REST API, until Ctrl-C.",
            "up", "up --demo 3", "up --coap 0.0.0.0:5683 --data /var/lib/starling", "up --data none", "up --coaps-cert pki/server.pem --coaps-key pki/server.key");
        var coap = Address("--coap", "Where devices without security connect.", "127.0.0.1:5683");
        var coaps = new Option<string?>("--coaps")
        {
            Description = $"Where devices connect by DTLS; '{NoAddress}' for nowhere. Unless given: the host of --coap and its port + 1.",
            HelpName = "HOST:PORT",
        };
        var certificate = new Option<string?>("--coaps-cert") { Description = "A certificate for devices that know the server by one, with its chain (PEM). Without it the server has a raw public key.", HelpName = "FILE" };
        var key = new Option<string?>("--coaps-key") { Description = "The certificate's private key (PEM).", HelpName = "FILE" };
        var http = Address("--http", "Where the REST API listens.", "127.0.0.1:8080");
        var data = new Option<string?>("--data")
        {
            Description = "The folder where devices, observations and last values are kept, made if it is not there: a server that is killed and started again goes on. "
                + $"Object definitions in its folder 'objects' (*.xml) are known to the server. '{DataFolder.None}' keeps everything in memory. Unless given: {DataFolder.Usual() ?? DataFolder.None}",
            HelpName = "DIR",
        };
        var files = new Option<string?>("--files")
        {
            Description = $"The folder whose files devices may fetch as coap://HOST:PORT/{OfferedFiles.Path}/NAME, made if it is not there. They are no secret. Unless given: the folder '{OfferedFiles.Path}' of --data",
            HelpName = "DIR",
        };
        var demo = new Option<int>("--demo") { Description = "Runs so many simulated devices, with living values.", HelpName = "NUMBER" };
        var keyLog = new Option<string?>("--key-log")
        {
            Description = "Writes the secrets of all DTLS sessions into a file, with which Wireshark and others read what is said. Whoever has the file reads it too.",
            HelpName = "FILE",
        };
        var wait = new Option<bool>("--send-waits") { Description = "Answers a device that sends values by itself (Send) when they are on the disk, not at once." };
        var insecure = new Option<bool>("--insecure") { Description = "Lets --http be an address that others reach. There is no sign-in: whoever reaches it rules the devices." };
        foreach (var option in new Option[] { coap, coaps, certificate, key, http, data, files, demo, keyLog, wait, insecure })
        {
            command.Options.Add(option);
        }
        var admission = AdmissionArguments.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var plain = Parse(parsed.GetValue(coap)!, "--coap");
            var settings = new PlatformSettings
            {
                Coap = plain,
                Coaps = Secured(parsed.GetValue(coaps), plain),
                Admission = admission.Read(parsed),
                KeyLog = parsed.GetValue(keyLog),
                Http = Parse(parsed.GetValue(http)!, "--http"),
                Demo = parsed.GetValue(demo),
                Storage = new StorageSettings { SendWaitsForCommit = parsed.GetValue(wait) },
            };
            Check(settings, parsed.GetValue(insecure));
            await using var keeping = Open(DataFolder.Of(parsed.GetValue(data)), settings.Storage);
            using var keys = Keys(settings.Coaps is not null, keeping.Folder, parsed.GetValue(certificate), parsed.GetValue(key));
            settings = settings with
            {
                CoapsKeys = keys,
                Catalog = KnownObjects.All(keeping.Folder),
                ObjectFolder = keeping.Folder is { } folder ? KnownObjects.FolderOf(folder) : null,
                FileFolder = Files(parsed.GetValue(files), keeping.Folder),
            };
            return await RunAsync(settings, keeping, parsed.InvocationConfiguration.Output, cancel);
        });
        return command;
    }

    private static ServerKeys? Keys(bool isSecured, string? folder, string? certificate, string? key)
    {
        if (!isSecured)
        {
            return certificate is null && key is null ? null
                : throw new VerbException(ExitCode.Usage, $"With --coaps {NoAddress} nobody is shown a certificate.", "Leave out --coaps, or --coaps-cert and --coaps-key");
        }
        if (certificate is null != key is null)
        {
            throw new VerbException(ExitCode.Usage, "A certificate needs its key, and a key its certificate.", "Give --coaps-cert FILE --coaps-key FILE");
        }
        try
        {
            return ServerKeys.Open(folder, certificate, key);
        }
        catch (PkiException unusable)
        {
            throw new VerbException(ExitCode.Usage, unusable.Message, unusable.Hint);
        }
    }

    // A port that the system chooses has no next one.
    private static IPEndPoint? Secured(string? text, IPEndPoint plain) => text switch
    {
        NoAddress => null,
        null => new IPEndPoint(plain.Address, plain.Port is 0 or ushort.MaxValue ? 0 : plain.Port + 1),
        _ => Parse(text, "--coaps"),
    };

    private static Option<string> Address(string name, string description, string preset) =>
        new(name) { Description = description, DefaultValueFactory = _ => preset, HelpName = "HOST:PORT" };

    private static IPEndPoint Parse(string text, string option) => HostPort.TryParse(text, out var address)
        ? address
        : throw new VerbException(ExitCode.Usage, $"{option}: '{text}' is no address.", $"Write a number and a port, as in {option} 127.0.0.1:5684, [::1]:5684 or *:5684");

    private static void Check(PlatformSettings settings, bool insecure)
    {
        if (!IPAddress.IsLoopback(settings.Http.Address) && !insecure)
        {
            throw new VerbException(ExitCode.Usage, $"--http {settings.Http}: others reach that address, and the API has no sign-in.",
                "Take a loopback address, or add --insecure if the network is yours alone.");
        }
        if (settings.Coaps is null && settings.Admission.Unsecured == UnsecuredDevices.Refused)
        {
            throw new VerbException(ExitCode.Usage, $"With --coaps {NoAddress} and --unsecured refuse no device can register.", "Leave one of them out.");
        }
        if (settings.Demo is < 0 or > MaxDemo)
        {
            throw new VerbException(ExitCode.Usage, $"--demo is 0 to {MaxDemo}.");
        }
    }

    private static string? Files(string? chosen, string? data)
    {
        var folder = chosen is not null ? Path.GetFullPath(chosen) : data is not null ? Path.Combine(data, OfferedFiles.Path) : null;
        try
        {
            return folder is null ? null : Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Usage, $"--files: {folder} cannot be used: {unusable.Message}");
        }
    }

    private static Keeping Open(DataFolder folder, StorageSettings settings)
    {
        try
        {
            return Keeping.Open(folder, settings);
        }
        catch (StorageException unusable)
        {
            throw new VerbException(ExitCode.Storage, unusable.Message, unusable.Hint);
        }
    }

    private static async Task<int> RunAsync(PlatformSettings settings, Keeping keeping, TextWriter output, CancellationToken cancel)
    {
        await using var app = PlatformHost.Create(settings, keeping.Database, key: keeping.Key);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (StorageException damaged)
        {
            throw new VerbException(ExitCode.Storage, damaged.Message, damaged.Hint);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            throw new VerbException(ExitCode.Unreachable, refused.Message,
                "Another program may listen there, perhaps another Starling, or the address is not this machine's. Choose others with --coap, --coaps and --http.");
        }
        new UpGreeting(app, settings, keeping).Write(output);
        var end = WaitForEndAsync(app, cancel);
        if (settings.Demo > 0 && await Task.WhenAny(app.Services.GetRequiredService<DemoDevices>().Registered, end) != end)
        {
            output.WriteLine(Counted.All(settings.Demo, "simulated device"));
        }
        await end;
        output.WriteLine("Stopped.");
        return ExitCode.Done;
    }

    /// <summary>Waits until the program is told to end, and ends it. A service of its own that fails ends it too: whoever watches over it is told by the exit code.</summary>
    /// <exception cref="VerbException">A service has failed.</exception>
    internal static async Task WaitForEndAsync(IHost app, CancellationToken cancel)
    {
        await app.WaitForShutdownAsync(cancel);
        await app.StopAsync(CancellationToken.None);
        var failed = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().FirstOrDefault(s => s.ExecuteTask is { IsFaulted: true });
        if (failed?.ExecuteTask?.Exception?.InnerException is { } why)
        {
            throw new VerbException(ExitCode.Refused, $"Stopped, because a part of the server failed ({failed.GetType().Name}): {why.Message}", "What is above says where. What was acknowledged is kept: start it again.");
        }
    }
}
