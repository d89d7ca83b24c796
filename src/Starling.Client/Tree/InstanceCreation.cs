namespace Starling.Client;

/// <summary>How servers create and delete the instances of an object (LwM2M Core 1.2 §6.3.6, §6.3.7).</summary>
/// <param name="Create">Makes the instance of this number, with what its mandatory resources begin with. The values of the request are written to it afterwards.</param>
public sealed record InstanceCreation(Func<int, ObjectInstance> Create)
{
    /// <summary>Asked before a server deletes an instance: to refuse, it throws a <see cref="Starling.Lwm2m.Lwm2mException"/> with the code of its choice, as <see cref="Create"/> may.</summary>
    public Action<ObjectInstance>? Deleting { get; init; }

    /// <summary>Told after a server has deleted an instance.</summary>
    public Action<ObjectInstance>? Deleted { get; init; }

    /// <summary>How many instances there may be: 64.</summary>
    public int MaxInstances { get; init; } = 64;
}
