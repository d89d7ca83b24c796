using System.Runtime.CompilerServices;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Hosting;

/// <summary>Observations as a stream.</summary>
public static class DeviceWatch
{
    /// <summary>
    /// Observes a path for as long as the stream is read: the first values come with the answer to Observe, the others as the device sends them.
    /// The observation ends with the stream, unless it stood before.
    /// </summary>
    /// <param name="server">The server that the device is registered with.</param>
    /// <param name="device">The device.</param>
    /// <param name="path">Object, instance, resource or resource instance.</param>
    /// <param name="attributes">Written before; null for none.</param>
    /// <param name="cancel">Ends the stream.</param>
    /// <returns>The notifications; the stream ends when the device ends the observation or is gone.</returns>
    /// <exception cref="CoapException">There was no answer to Observe.</exception>
    /// <exception cref="Lwm2mException">The device refused; the code is its own.</exception>
    public static async IAsyncEnumerable<DeviceEvent.Notified> ObserveAsync(
        this Lwm2mServer server, DeviceSession device, Lwm2mPath path, NotificationAttributes? attributes = null,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(device);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var events = server.Events(end.Token);   // from here on, so that nothing between the answer and the first read is missed
        var stood = device.Observations.Any(o => o.Path == path);
        string? id = null;
        try
        {
            id = await BeginAsync(device, path, attributes, cancel).ConfigureAwait(false);
            await foreach (var happened in events.ConfigureAwait(false))
            {
                if (happened is DeviceEvent.Notified notified && notified.ObservationId == id)
                {
                    yield return notified;
                }
                // What ended it may be among what a slow reader has missed.
                if (happened is DeviceEvent.Gap ? device.Observations.All(o => o.Id != id) : happened.Key == device.Key && IsEnd(happened, id))
                {
                    yield break;
                }
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            if (!stood && id is not null && device.IsRegistered)
            {
                await device.CancelAsync(id, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static async Task<string> BeginAsync(DeviceSession device, Lwm2mPath path, NotificationAttributes? attributes, CancellationToken cancel)
    {
        var answer = await device.ObserveAsync(path, attributes, cancel).ConfigureAwait(false);
        return answer.Observation?.Id ?? throw new Lwm2mException(answer.Response.Code, answer.Response.Diagnostic);
    }

    private static bool IsEnd(DeviceEvent happened, string id) => happened switch
    {
        DeviceEvent.Notified notified => notified.ObservationId == id && notified.IsLast,
        DeviceEvent.Deregistered or DeviceEvent.Expired => true,
        _ => false,
    };
}
