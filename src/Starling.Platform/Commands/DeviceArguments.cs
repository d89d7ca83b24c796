using System.CommandLine;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>What <c>device</c> and <c>simulate</c> share.</summary>
internal sealed class DeviceArguments
{
    private const int MaxAwake = 24 * 3600;
    private readonly Option<string> _server = new("--server") { Description = "The LwM2M server.", DefaultValueFactory = _ => "coap://127.0.0.1:5683", HelpName = "coap[s]://HOST:PORT" };
    private readonly Option<long> _lifetime = new("--lifetime") { Description = "The registration's lifetime in seconds; 0 never ends.", DefaultValueFactory = _ => 300, HelpName = "SECONDS" };
    private readonly Option<string> _version = new("--lwm2m") { Description = "The version to speak: 1.0, 1.1 or 1.2.", DefaultValueFactory = _ => "1.2", HelpName = "VERSION" };

    private readonly Option<bool> _queue = new("--queue") { Description = "Queue mode: it sleeps, and wakes to say something itself." };
    private readonly Option<int> _awake = new("--awake") { Description = "How long it is awake after a message, in queue mode.", DefaultValueFactory = _ => 10, HelpName = "SECONDS" };

    private readonly KeyArguments _keys = new();

    private DeviceArguments() { }

    public static DeviceArguments Create() => new();

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_lifetime);
        command.Options.Add(_version);
        command.Options.Add(_queue);
        command.Options.Add(_awake);
        _keys.AddTo(command);
    }

    /// <summary>The settings for a device with these options.</summary>
    public FleetSettings Read(ParseResult parsed)
    {
        var server = parsed.GetValue(_server)!;
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme is not ("coap" or "coaps") || uri.Host.Length == 0)
        {
            throw new VerbException(ExitCode.Usage, $"'{server}' is no LwM2M server.", "Write it as in --server coap://127.0.0.1:5683 or --server coaps://127.0.0.1:5684");
        }
        if (!Lwm2mVersion.TryParse(parsed.GetValue(_version), out var version) || !version.IsSupported)
        {
            throw new VerbException(ExitCode.Usage, $"LwM2M '{parsed.GetValue(_version)}' is not spoken here.", "There are --lwm2m 1.0, 1.1 and 1.2");
        }
        if (parsed.GetValue(_lifetime) is < 0 or > uint.MaxValue)
        {
            throw new VerbException(ExitCode.Usage, "A lifetime is 0 to 4294967295 seconds.");
        }
        if (parsed.GetValue(_awake) is < 1 or > MaxAwake)
        {
            throw new VerbException(ExitCode.Usage, $"--awake is 1 to {MaxAwake} seconds.");
        }
        return _keys.Add(parsed, new FleetSettings
        {
            Server = uri,
            Catalog = KnownObjects.All(),
            Lifetime = parsed.GetValue(_lifetime),
            Version = version,
            AwakeTime = parsed.GetValue(_queue) ? TimeSpan.FromSeconds(parsed.GetValue(_awake)) : null,
        });
    }
}
