namespace Starling.Server;

/// <summary>What is remembered of a device that is not registered.</summary>
/// <param name="Observations">What is wanted of it.</param>
/// <param name="AwakeWindow">Its own awake window; null for none.</param>
/// <param name="Version">The version that the store keeps.</param>
internal sealed record AbsentDevice(IReadOnlyList<StoredObservation> Observations, TimeSpan? AwakeWindow, long Version)
{
    public static AbsentDevice From(DeviceState state) => new(state.Observations, state.AwakeWindow, state.Version);
}
