namespace Starling.Server;

/// <summary>Keeps device states beyond the process. The live registry is the server's own; a store is told of every change.</summary>
/// <remarks>
/// Calls come under the device's lock, so that two states of one device come in the order of their versions: a store takes the state at once
/// (into its queue) and completes when it is safe. Many at once may share one commit. What completes synchronously is answered on the receiving thread.
/// </remarks>
public interface IDeviceStore
{
    /// <summary>Every device, in any order.</summary>
    IAsyncEnumerable<DeviceState> LoadAllAsync(CancellationToken cancel);

    /// <summary>Keeps a state if the one kept has <paramref name="expectedVersion"/> (0: none is kept). False when it has not: somebody else owns the device.</summary>
    ValueTask<bool> SaveAsync(DeviceState state, long expectedVersion, CancellationToken cancel);

    /// <summary>Forgets a device if the state kept has <paramref name="expectedVersion"/>.</summary>
    ValueTask<bool> DeleteAsync(DeviceKey key, long expectedVersion, CancellationToken cancel);
}
