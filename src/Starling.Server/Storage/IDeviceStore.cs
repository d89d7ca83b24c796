using Starling.Coap;

namespace Starling.Server;

/// <summary>Keeps device states beyond the process. The live registry is the server's own; a store is told of every change.</summary>
/// <remarks>
/// Calls come under the device's lock, so that two states of one device come in the order of their versions: a store takes the state at once
/// (into its queue) and completes when it is safe. Many at once may share one commit. What completes synchronously is answered on the receiving thread.
/// A call that throws, or gives a task which has failed already, has taken nothing; a <see cref="CoapBusyException"/> says that there is no room just now.
/// What was taken either becomes safe or fails for good: a store that failed for a while tries again by itself.
/// </remarks>
public interface IDeviceStore
{
    /// <summary>Every device, in any order.</summary>
    IAsyncEnumerable<DeviceState> LoadAllAsync(CancellationToken cancel);

    /// <summary>Keeps a state if the one kept has <paramref name="expectedVersion"/> (0: none is kept). False when it has not: somebody else owns the device.</summary>
    ValueTask<bool> SaveAsync(DeviceState state, long expectedVersion, CancellationToken cancel);

    /// <summary>
    /// Keeps that a device was heard from and told nothing new: the state kept gets this time, the address where it is another one, and a version of one more.
    /// This is what fleets do all day long; it is to be cheap. False as for <see cref="SaveAsync"/>.
    /// </summary>
    /// <param name="key">The device.</param>
    /// <param name="updatedAt">When it was heard from: its lifetime begins anew then.</param>
    /// <param name="address">Where from; null is from where it was last.</param>
    /// <param name="expectedVersion">The version that is kept.</param>
    /// <param name="cancel">Stops waiting.</param>
    ValueTask<bool> RenewAsync(DeviceKey key, DateTimeOffset updatedAt, PeerAddress? address, long expectedVersion, CancellationToken cancel);

    /// <summary>Forgets a device if the state kept has <paramref name="expectedVersion"/>.</summary>
    ValueTask<bool> DeleteAsync(DeviceKey key, long expectedVersion, CancellationToken cancel);
}
