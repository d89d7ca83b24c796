using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The object Device (3) as most devices have it (LwM2M Core 1.2 appendix E.4). Resources that it does not set can be added to
/// <see cref="Instance"/>, and those that it sets be replaced.
/// </summary>
public sealed class DeviceObject
{
    private static readonly Lwm2mValue _noError = 0;
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
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>What Reboot (4) does. The server is answered when the task ends, so what restarts the machine should only be begun by it.</summary>
    public Func<CancellationToken, Task>? Reboot { get; set; }

    /// <summary>Gives the device a battery: its level (9) is asked for each time. <see cref="LevelChanged"/> tells observers.</summary>
    /// <param name="percent">0 to 100.</param>
    public void AddBattery(Func<int> percent) => Instance[9] = Resource.Read(() => percent());

    /// <summary>Tells observers that the battery's level has changed.</summary>
    public void LevelChanged() => Instance.Changed(9);

    /// <summary>Adds an error to Error Code (11).</summary>
    /// <param name="code">1 to 32.</param>
    public void Report(int code)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 32);
        var codes = (_errors.Current ?? new Dictionary<int, Lwm2mValue>()).Values.Where(v => v != _noError && v.AsInteger() != code).Append(code);
        _errors.Current = codes.Select((value, index) => KeyValuePair.Create(index, value)).ToDictionary();
    }

    private static ValueResource Text(string? text) => Resource.Value(text is null ? Lwm2mValue.None : text);

    private Task ResetErrors()
    {
        _errors.Current = new Dictionary<int, Lwm2mValue> { [0] = _noError };
        return Task.CompletedTask;
    }

    private Lwm2mValue ReadClock() => Lwm2mValue.Time(_time.GetUtcNow().ToUnixTimeSeconds() + Volatile.Read(ref _offset));

    private void SetClock(Lwm2mValue value) => Volatile.Write(ref _offset, value.AsInteger() - _time.GetUtcNow().ToUnixTimeSeconds());
}
