using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>One instance of the object Software Component (14): a part of a software that servers activate and deactivate.</summary>
public sealed class SoftwareComponentObject
{
    /// <summary>Makes an instance of a component that is not active.</summary>
    /// <param name="definition">The definition of object 14.</param>
    /// <param name="instanceId">The instance's number.</param>
    /// <param name="identity">Its name.</param>
    /// <param name="version">Its version.</param>
    public SoftwareComponentObject(ObjectDefinition? definition, int instanceId, string identity, string version)
    {
        Instance = new ObjectInstance(definition, instanceId)
        {
            [0] = identity,
            [2] = version,
            [3] = Resource.Execute((_, cancel) => SwitchAsync(true, cancel)),
            [4] = Resource.Execute((_, cancel) => SwitchAsync(false, cancel)),
            [5] = false,
        };
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>Whether it is active (5).</summary>
    public bool IsActive => Instance.Get(5).AsBoolean();

    /// <summary>Activates or deactivates it. One that cannot throws a <see cref="Lwm2mException"/>, and all stays as it was.</summary>
    public Func<bool, CancellationToken, Task>? Switch { get; set; }

    private async Task SwitchAsync(bool on, CancellationToken cancel)
    {
        await (Switch?.Invoke(on, cancel) ?? Task.CompletedTask).ConfigureAwait(false);
        Instance.Set(5, on);
    }
}
