using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The object Device (3) as most devices have it (LwM2M Core 1.2 appendix E.4). Every other value of the definition can be set on
/// <see cref="Instance"/>, and those that are here be replaced.
/// </summary>
public sealed class DeviceObject
{
    private static readonly Lwm2mValue _noError = 0;
    private readonly Lock _lock = new();
    private readonly MultipleResource _errors = Resource.Multiple(_noError);
    private readonly TimeProvider _time;
    private long _offset;   // what a server that set the clock added to ours, in seconds

    /// <summary>Makes the object.</summary>
    /// <param name="definition">The definition of object 3.</param>
    /// <param name="time">What Current Time (13) is taken from.</param>
    /// <param name="manufacturer">Resource 0; null for none.</param>
    /// <param name="model">Resource 1; null for none.</param>
    /// <param name="serialNumber">Resource 2; null for none.</param>
    /// <param name="firmwareVersion">Resource 3; null for none.</param>
    public DeviceObject(
        ObjectDefinition? definition, TimeProvider time, string? manufacturer = null, string? model = null, string? serialNumber = null, string? firmwareVersion = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        Instance = new ObjectInstance(definition, 0)
        {
            [0] = Text(manufacturer),
            [1] = Text(model),
            [2] = Text(serialNumber),
            [3] = Text(firmwareVersion),
            [4] = Resource.Execute((_, cancel) => Reboot?.Invoke(cancel) ?? Task.CompletedTask),
            [11] = _errors,
            [12] = Resource.Execute((_, _) => ResetErrors()),
            [13] = Resource.ReadWrite(ReadClock, SetClock),
            [14] = "+00:00",
            [15] = "UTC",
            [16] = "U",
        };
        Instance.AddAbsent();
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>What Reboot (4) does. The server is answered when the task ends, so what restarts the machine should only be begun by it.</summary>
    public Func<CancellationToken, Task>? Reboot { get; set; }

    /// <summary>Which errors there are now, 1 to 32: asked after Reset Error Code (12), which forgets those that were reported.</summary>
    public Func<IEnumerable<int>>? Diagnose { get; set; }

    /// <summary>The letters of the bindings that the device has, <c>U</c> or <c>UT</c> (16). Setting it tells observers.</summary>
    public string Binding
    {
        get => Instance.Get(16).AsString();
        set => Instance.Set(16, value);
    }

    /// <summary>The version of the firmware (3). Setting it tells observers.</summary>
    public string FirmwareVersion
    {
        get => Instance.Get(3) is { Kind: ValueKind.String } version ? version.AsString() : "";
        set => Instance.Set(3, value);
    }

    /// <summary>Gives the device Factory Reset (5), and says what it does; as with <see cref="Reboot"/> it should only be begun.</summary>
    public void AddFactoryReset(Func<CancellationToken, Task> reset)
    {
        ArgumentNullException.ThrowIfNull(reset);
        Instance[5] = Resource.Execute((_, cancel) => reset(cancel));
    }

    /// <summary>Gives the device a battery: its level (9) is asked for each time. <see cref="LevelChanged"/> tells observers.</summary>
    /// <param name="percent">0 to 100.</param>
    public void AddBattery(Func<int> percent) => Instance[9] = Resource.Read(() => percent());

    /// <summary>Tells observers that the battery's level has changed.</summary>
    public void LevelChanged() => Instance.Changed(9);

    /// <summary>Adds a source of power, or says how it is now: the same number in 6, 7 and 8. Observers are told.</summary>
    /// <param name="number">The source's number, 0 to 65534.</param>
    /// <param name="kind">0 DC, 1 internal battery, 2 external battery, 3 fuel cell, 4 Ethernet, 5 USB, 6 AC, 7 solar.</param>
    /// <param name="millivolts">Its voltage; null when it is not known.</param>
    /// <param name="milliamperes">Its current; null when it is not known.</param>
    public void SetPowerSource(int number, int kind, int? millivolts = null, int? milliamperes = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(kind);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kind, 7);
        ((MultipleResource)Instance[6]).Set(number, kind);
        SetOrTakeAway(7, number, millivolts);
        SetOrTakeAway(8, number, milliamperes);
    }

    /// <summary>Adds an error to Error Code (11).</summary>
    /// <param name="code">1 to 32.</param>
    public void Report(int code)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 32);
        lock (_lock)
        {
            var present = (_errors.Current ?? new Dictionary<int, Lwm2mValue>()).Values.Where(v => v != _noError && v.AsInteger() != code);
            _errors.Current = Numbered(present.Append(code));
        }
    }

    private static ValueResource Text(string? text) => Resource.Value(text is null ? Lwm2mValue.None : text);

    private static Dictionary<int, Lwm2mValue> Numbered(IEnumerable<Lwm2mValue> values) =>
        values.Select((value, index) => KeyValuePair.Create(index, value)).ToDictionary();

    private void SetOrTakeAway(int resourceId, int number, int? value)
    {
        var resource = (MultipleResource)Instance[resourceId];
        resource.Set(number, value is { } known ? known : Lwm2mValue.None);
        if (resource.Current is { Count: 0 })
        {
            resource.Current = null;
        }
    }

    // One zero when there is no error; what still holds is there again at once (appendix E.4, resource 12).
    private Task ResetErrors()
    {
        var codes = Diagnose?.Invoke().Distinct().Select(code => (Lwm2mValue)code).ToArray() ?? [];
        lock (_lock)
        {
            _errors.Current = Numbered(codes is [] ? [_noError] : codes);
        }
        return Task.CompletedTask;
    }

    private Lwm2mValue ReadClock() => Lwm2mValue.Time(_time.GetUtcNow().ToUnixTimeSeconds() + Volatile.Read(ref _offset));

    private void SetClock(Lwm2mValue value) => Volatile.Write(ref _offset, value.AsInteger() - _time.GetUtcNow().ToUnixTimeSeconds());
}
