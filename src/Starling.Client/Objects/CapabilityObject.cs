using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>One instance of the object Device Capability Management (15): a part of the device, such as a sensor or a radio, that servers switch on and off.</summary>
public sealed class CapabilityObject
{
    /// <summary>Makes an instance of a part that is attached and switched on.</summary>
    /// <param name="definition">The definition of object 15.</param>
    /// <param name="instanceId">The instance's number.</param>
    /// <param name="property">What it can do, as the numbers of its capabilities with semicolons between.</param>
    /// <param name="group">0 sensor, 1 control, 2 connectivity, 3 navigation, 4 storage, 5 vision, 6 sound, 7 analog input, 8 analog output.</param>
    /// <param name="description">For people; null for none.</param>
    public CapabilityObject(ObjectDefinition? definition, int instanceId, string property, int group, string? description = null)
    {
        Instance = new ObjectInstance(definition, instanceId)
        {
            [0] = property,
            [1] = group,
            [2] = Resource.Value(description is null ? Lwm2mValue.None : description),
            [3] = true,
            [4] = true,
            [5] = Resource.Execute((_, cancel) => SwitchAsync(true, cancel)),
            [6] = Resource.Execute((_, cancel) => SwitchAsync(false, cancel)),
            [7] = false,
        };
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>Whether it is switched on (4). Setting it tells observers, and switches nothing.</summary>
    public bool IsEnabled
    {
        get => Instance.Get(4).AsBoolean();
        set => Instance.Set(4, value);
    }

    /// <summary>Whether it is there (3). Setting it tells observers.</summary>
    public bool IsAttached
    {
        get => Instance.Get(3).AsBoolean();
        set => Instance.Set(3, value);
    }

    /// <summary>Switches it on or off. One that cannot throws a <see cref="Lwm2mException"/>, and all stays as it was.</summary>
    public Func<bool, CancellationToken, Task>? Switch { get; set; }

    private async Task SwitchAsync(bool on, CancellationToken cancel)
    {
        await (Switch?.Invoke(on, cancel) ?? Task.CompletedTask).ConfigureAwait(false);
        IsEnabled = on;
    }
}
