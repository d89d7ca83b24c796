using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// One instance of the object Advanced Firmware Update (33629): the firmware of one part of a device that has several. Parts that are linked are
/// updated together: those whose images are there, or those that the argument 0 of Update names, <c>0='&lt;/33629/1&gt;'</c>.
/// </summary>
public sealed class AdvancedFirmwareObject
{
    private readonly FirmwareMachine _machine;
    private volatile AdvancedFirmwareObject[] _linked = [];
    private volatile AdvancedFirmwareObject[] _inTheWay = [];

    /// <summary>Makes the instance of a part in the state Idle.</summary>
    /// <param name="definition">The definition of object 33629.</param>
    /// <param name="instanceId">The instance's number.</param>
    /// <param name="time">What Last State Change Time (12) and the deferral are taken from.</param>
    /// <param name="component">The part's name (14).</param>
    /// <param name="version">The version that it runs (15).</param>
    /// <param name="storage">Where images are kept and how they are installed.</param>
    public AdvancedFirmwareObject(
        ObjectDefinition? definition, int instanceId, TimeProvider time, string component, string version, PackageStorage storage)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(storage);
        Instance = new ObjectInstance(definition, instanceId);
        _machine = new FirmwareMachine(Instance, storage, Sources, time, FirmwareResult.Initial)
        {
            Installed = identity => Instance.Set(15, identity.Version),
            ResultOf = Named,
            Updating = Update,
        };
        Instance[14] = component;
        Instance[15] = version;
        Instance[16] = Resource.ReadMultiple(() => Links(Ready()));
        Instance[17] = Resource.ReadMultiple(() => Result is FirmwareResult.Conflict or FirmwareResult.DependencyError ? Links(_inTheWay) : null);
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>How the device fetches images; none at first, then images can only be written.</summary>
    public PackageSources Sources { get; } = new();

    /// <summary>How far it is (3).</summary>
    public FirmwareState State => _machine.State;

    /// <summary>How it ended (5).</summary>
    public FirmwareResult Result => _machine.Result;

    /// <summary>Whether to install when Update is executed, as <see cref="FirmwareUpdateObject.Accept"/>.</summary>
    public Func<int, bool>? Accept
    {
        get => _machine.Accept;
        set => _machine.Accept = value;
    }

    /// <summary>Installs an image that is there, as after a deferral, and no other part's.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Install() => _machine.Install();

    /// <summary>Which other parts can be updated together with this one (16).</summary>
    public void Link(params IEnumerable<AdvancedFirmwareObject> others) => _linked = [.. others];

    private void Update(string? arguments)
    {
        var together = Named(arguments) ?? Ready();
        _inTheWay = [.. together.Where(other => other.State != FirmwareState.Downloaded)];
        if (_inTheWay.Length > 0)
        {
            _machine.Refuse(FirmwareResult.DependencyError);
            Instance.Changed(17);
            return;
        }
        _machine.InstallOrDefer();
        if (State == FirmwareState.Updating)
        {
            foreach (var other in together)
            {
                other.Install();
            }
        }
    }

    private AdvancedFirmwareObject[] Ready() => [.. _linked.Where(other => other.State == FirmwareState.Downloaded)];

    // Null when the arguments do not say which: then all that are linked and ready.
    private AdvancedFirmwareObject[]? Named(string? arguments)
    {
        if (!ExecuteArguments.TryParse(arguments, out var list))
        {
            throw new Lwm2mException(CoapCode.BadRequest, $"'{arguments}' are no arguments");
        }
        if (!list.Any(a => a.Key == 0))
        {
            return null;
        }
        var text = list.First(a => a.Key == 0).Value ?? "";
        var links = (IReadOnlyList<CoreLink>)[];
        if (text.Length > 0 && !LinkFormat.TryParse(text, out links))
        {
            throw new Lwm2mException(CoapCode.BadRequest, $"'{text}' is no list of links");
        }
        var targets = links.Select(link => link.Target).ToArray();
        var named = _linked.Where(other => targets.Contains(other.Instance.Path.ToString())).ToArray();
        return named.Length == targets.Count(target => target != Instance.Path.ToString())
            ? named
            : throw new Lwm2mException(CoapCode.BadRequest, $"'{text}' names what is not linked with {Instance.Path}");
    }

    private static Dictionary<int, Lwm2mValue> Links(AdvancedFirmwareObject[] instances) => instances
        .Select((each, number) => KeyValuePair.Create(number, Lwm2mValue.ObjectLink(new ObjectLink((ushort)each.Instance.Definition.Id, (ushort)each.Instance.Id))))
        .ToDictionary();

    private static FirmwareResult Named(PackageProblem problem) => problem switch
    {
        PackageProblem.Conflict => FirmwareResult.Conflict,
        PackageProblem.Dependency => FirmwareResult.DependencyError,
        _ => FirmwareResult.NoSpace + (int)problem,
    };
}
