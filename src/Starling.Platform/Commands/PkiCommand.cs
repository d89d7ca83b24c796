using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Starling.Crypto;

namespace Starling.Platform;

/// <summary><c>starling pki</c></summary>
internal static class PkiCommand
{
    private const int MaxDays = 36_500;

    public static Command Create() =>
        new ExampleCommand("pki", "Makes keys and certificates to try things with: a test authority, certificates of servers and devices, raw public keys.",
            "pki init pki", "pki device my-device --dir pki", "pki rpk my-device")
        {
            Init(),
            Device(),
            RawPublicKey(),
        };

    private static ExampleCommand Init()
    {
        var command = new ExampleCommand("init", "Makes a test authority and a server's certificate. Nothing that is there is overwritten.",
            "pki init pki", "pki init pki --host lwm2m.example.org --host 192.0.2.1 --days 30");
        var folder = new Argument<string>("dir") { Description = "The folder; pki unless given.", DefaultValueFactory = _ => "pki" };
        var hosts = new Option<string[]>("--host")
        {
            Description = "A name or an address of the server, as devices write it in its URI; localhost, 127.0.0.1 and ::1 unless given.",
            DefaultValueFactory = _ => ["localhost", "127.0.0.1", "::1"],
            HelpName = "NAME",
        };
        command.Arguments.Add(folder);
        command.Options.Add(hosts);
        return Does(command, (parsed, days) =>
        {
            var dir = parsed.GetValue(folder)!;
            var files = new PkiFolder(dir, TimeProvider.System).Create(Hosts(parsed.GetValue(hosts)!), days);
            return new Made(files, null,
            [
                $"{CommandName.Typed} up --coaps-cert {files[2].Path} --coaps-key {files[3].Path}",
                $"{CommandName.Typed} pki device my-device --dir {dir}",
                $"{CommandName.Typed} credentials add --ca {files[0].Path} --endpoint-pattern {{cn}}",
            ]);
        });
    }

    private static ExampleCommand Device()
    {
        var command = new ExampleCommand("device", "Makes a device's certificate, signed by the test authority. Its common name is the endpoint name.",
            "pki device my-device", "pki device urn:dev:os:32473-1 --dir pki --days 30");
        var endpoint = Name("endpoint", "The device's endpoint name.");
        var folder = Folder("Where the test authority is.", "pki");
        command.Arguments.Add(endpoint);
        command.Options.Add(folder);
        return Does(command, (parsed, days) =>
        {
            var files = new PkiFolder(parsed.GetValue(folder)!, TimeProvider.System).AddDevice(parsed.GetValue(endpoint)!, days);
            using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(files[0].Text);
            var authority = Path.Combine(parsed.GetValue(folder)!, "ca.pem");
            return new Made(files, Fingerprint.Of(certificate.RawData),
                [$"{CommandName.Typed} device --server coaps://127.0.0.1:5684 --endpoint {parsed.GetValue(endpoint)} --cert {files[0].Path} --key {files[1].Path} --ca {authority}"]);
        });
    }

    private static ExampleCommand RawPublicKey()
    {
        var command = new ExampleCommand("rpk", "Makes a raw public key pair on P-256 (RFC 7250): no authority, the keys themselves are known.",
            "pki rpk my-device", "pki rpk server --dir keys");
        var name = Name("name", "What the files are called.");
        var folder = Folder("Where they go.", ".");
        command.Arguments.Add(name);
        command.Options.Add(folder);
        return Does(command, (parsed, days) =>
        {
            var (files, fingerprint) = new PkiFolder(parsed.GetValue(folder)!, TimeProvider.System).AddRawPublicKey(parsed.GetValue(name)!);
            return new Made(files, fingerprint, [$"{CommandName.Typed} credentials add --endpoint {parsed.GetValue(name)} --public-key {files[0].Path}"]);
        }, hasDays: false);
    }

    private static ExampleCommand Does(ExampleCommand command, Func<ParseResult, int, Made> make, bool hasDays = true)
    {
        var days = new Option<int>("--days") { Description = "How long certificates are valid.", DefaultValueFactory = _ => 365, HelpName = "DAYS" };
        var json = new Option<bool>("--json") { Description = "Prints JSON, for programs." };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxDays)
            {
                result.AddError($"--days is 1 to {MaxDays}.");
            }
        });
        if (hasDays)
        {
            command.Options.Add(days);
        }
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            try
            {
                Tell(new Screen(parsed.InvocationConfiguration.Output, parsed.GetValue(json)), make(parsed, hasDays ? parsed.GetValue(days) : 0));
            }
            catch (PkiException failure)
            {
                throw new VerbException(ExitCode.Usage, failure.Message, failure.Hint);
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static void Tell(Screen screen, Made made)
    {
        var body = new JsonObject
        {
            ["files"] = new JsonArray([.. made.Files.Select(f => (JsonNode)f.Path)]),
            ["fingerprint"] = made.Fingerprint,
        };
        screen.Answer(body, s =>
        {
            var width = made.Files.Max(f => f.Path.Length);
            foreach (var file in made.Files)
            {
                s.Line($"{file.Path.PadRight(width)}  {file.Meaning}");
            }
            if (made.Fingerprint is { } fingerprint)
            {
                s.Line($"SHA-256 {fingerprint}");
            }
            s.Line("Next:");
            foreach (var next in made.Next)
            {
                s.Line($"  {next}");
            }
        });
    }

    private static Argument<string> Name(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? "";
            if (text.Length is 0 or > TestAuthority.MaxName || text.Any(char.IsControl))
            {
                result.AddError($"A name has 1 to {TestAuthority.MaxName} characters, and none that cannot be seen.");
            }
        });
        return argument;
    }

    private static Option<string> Folder(string description, string folder) =>
        new("--dir") { Description = description, DefaultValueFactory = _ => folder, HelpName = "DIR" };

    private static string[] Hosts(string[] hosts) =>
        Array.Find(hosts, h => h.Length > TestAuthority.MaxName || (!IPAddress.TryParse(h, out _) && Uri.CheckHostName(h) != UriHostNameType.Dns)) is { } wrong
            ? throw new VerbException(ExitCode.Usage, $"'{wrong}' is no name of a host.", "Write a DNS name or an address, as in --host lwm2m.example.org")
            : hosts;

    private sealed record Made(KeyFile[] Files, string? Fingerprint, string[] Next);
}
