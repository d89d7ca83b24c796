using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Tells what devices report: notifications, what they send, and what of it has no place. Decodes only where somebody listens.</summary>
internal sealed class ReportNews(Lwm2mServer server)
{
    /// <param name="observation">Whose.</param>
    /// <param name="notification">What came.</param>
    /// <param name="end">Why it is the last; null when it is not.</param>
    public void Notified(Observation observation, CoapMessage notification, string? end)
    {
        if (server.EventHub.IsWanted)
        {
            Notified(observation, server.Sender.Decode(observation.Device, observation.Operation, notification), end);
        }
    }

    /// <inheritdoc cref="Notified(Observation, CoapMessage, string?)"/>
    public void Notified(Observation observation, Lwm2mResponse values, string? end)
    {
        if (!server.EventHub.IsWanted)
        {
            return;
        }
        var cause = end ?? (values.Diagnostic.Length > 0 ? values.Diagnostic : null);
        server.EventHub.Publish((observation, values, cause, end), static (n, sequence, at) => new DeviceEvent.Notified(
            n.observation.Device.Key, sequence, at, n.observation.Device.Id.ToString(), n.cause,
            n.observation.Id, n.observation.Path, n.values.Code, n.values.Records)
        { IsLast = n.end is not null });
        if (!values.Code.IsSuccess)
        {
            return;
        }
        server.Listening.Learn(observation.Device, values.Records);
        if (values.Records.Count == 0 && values.Raw.Length > 0)
        {
            Unmapped(observation.Device, values.Records, $"A notification cannot be read: {values.Diagnostic}", values.Raw);
        }
        else
        {
            TellUnmapped(observation.Device, values.Records, observation);
        }
    }

    public void Sent(DeviceSession device, RecordSet records)
    {
        server.Listening.Learn(device, records);
        if (server.EventHub.IsWanted)
        {
            server.EventHub.Publish((device, records), static (n, sequence, at) =>
                new DeviceEvent.Sent(n.device.Key, sequence, at, n.device.Id.ToString(), null, n.records));
            TellUnmapped(device, records, null);
        }
    }

    /// <summary>Data that came and has no place.</summary>
    public void Unmapped(DeviceSession device, RecordSet records, string why, ReadOnlyMemory<byte> raw = default)
    {
        server.Tally.Unmapped.Increment();
        if (server.EventHub.IsWanted)
        {
            server.EventHub.Publish((device, records, why, raw), static (n, sequence, at) =>
                new DeviceEvent.Unmapped(n.device.Key, sequence, at, n.device.Id.ToString(), n.why, n.records, n.raw));
        }
    }

    // The values are told already; this says that they may not mean what they seem to.
    private void TellUnmapped(DeviceSession device, RecordSet records, Observation? observation)
    {
        var (catalog, links) = (device.Catalog, device.Links);
        RecordSet? unasked = null;   // most reports have neither
        RecordSet? unknown = null;
        var lastObject = -1;
        var isKnown = true;
        foreach (ref readonly var record in records.AsSpan())
        {
            if (observation is not null && !IsAsked(observation, record.Path))
            {
                (unasked ??= []).Add(record);
            }
            if (!record.Path.IsRoot && record.Path.ObjectId != lastObject)
            {
                lastObject = record.Path.ObjectId;
                isKnown = catalog.FindObject(lastObject) is { } definition
                    && (!links.Versions.TryGetValue(lastObject, out var told) || told.Major == definition.Version.Major);
            }
            if (!isKnown)
            {
                (unknown ??= []).Add(record);
            }
        }
        if (unasked is not null)
        {
            Unmapped(device, unasked, $"The notification of {observation!.Path} names what is not observed.");
        }
        if (unknown is not null)
        {
            Unmapped(device, unknown, "There is no definition of the object in the version that the device means: the types are those of the format.");
        }
    }

    private static bool IsAsked(Observation observation, Lwm2mPath path)
    {
        var asked = observation.Paths;
        for (var i = 0; i < asked.Count; i++)   // no enumerator: this is done for every value
        {
            if (path.StartsWith(asked[i]))
            {
                return true;
            }
        }
        return false;
    }
}
