using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The object Firmware Update (5) (LwM2M Core 1.2 appendix E.6): servers write an image or say where to fetch it, and have it installed.
/// </summary>
/// <example><code>
/// var firmware = new FirmwareUpdateObject(catalog.Find(5), time, new SimulatedStorage(time)) { Installed = image => device.FirmwareVersion = image.Version };
/// var client = new Lwm2mClient(settings, [device.Instance, firmware.Instance], channels, time);
/// firmware.Sources.Add("coap", client.DownloadAsync);
/// </code></example>
public sealed class FirmwareUpdateObject
{
    private readonly FirmwareMachine _machine;

    /// <summary>Makes the object in the state Idle.</summary>
    /// <param name="definition">The definition of object 5.</param>
    /// <param name="time">What Last State Change Time (12) and the deferral are taken from.</param>
    /// <param name="storage">Where images are kept and how they are installed.</param>
    /// <param name="result">How the last update ended: for a device that has restarted to end it.</param>
    public FirmwareUpdateObject(ObjectDefinition? definition, TimeProvider time, PackageStorage storage, FirmwareResult result = FirmwareResult.Initial)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(storage);
        Instance = new ObjectInstance(definition, 0);
        var isAutomatic = Resource.Value(false);
        _machine = new FirmwareMachine(Instance, storage, Sources, time, result) { IsAutomatic = () => isAutomatic.Current is { Kind: ValueKind.Boolean } yes && yes.AsBoolean() };
        if (definition.Find(14) is not null)
        {
            Instance[14] = isAutomatic;
        }
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>How the device fetches images; none at first, then images can only be written.</summary>
    public PackageSources Sources { get; } = new();

    /// <summary>How far it is (3).</summary>
    public FirmwareState State => _machine.State;

    /// <summary>How it ended (5).</summary>
    public FirmwareResult Result => _machine.Result;

    /// <summary>
    /// Whether to install when Update is executed: it gets the severity (11; 0 critical, 1 mandatory, 2 optional). False puts it off until
    /// <see cref="Install"/>, the next Update, or the end of Maximum Defer Period (13). Not asked when that is 0. Null: install at once.
    /// </summary>
    public Func<int, bool>? Accept
    {
        get => _machine.Accept;
        set => _machine.Accept = value;
    }

    /// <summary>Told what has been installed, before servers hear of the success: the place to set the device's firmware version.</summary>
    public Action<PackageIdentity>? Installed
    {
        get => _machine.Installed;
        set => _machine.Installed = value;
    }

    /// <summary>Installs an image that is there, as after a deferral.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Install() => _machine.Install();
}
