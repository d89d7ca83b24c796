using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Takes what devices send without being asked: POST to <c>/dp</c> (LwM2M Core 1.2 §6.4.6).</summary>
internal sealed class SendReceiver(Lwm2mServer server)
{
    private static readonly CoapMessage _changed = CoapMessage.Response(CoapCode.Changed);
    private static readonly CoapMessage _busy = CoapMessage.Error(CoapCode.ServiceUnavailable, "What was sent could not be stored.");
    private static readonly CoapMessage _stranger = CoapMessage.Error(CoapCode.NotFound, "Nobody is registered at this address.");

    public ValueTask<CoapMessage?> TakeAsync(Peer peer, CoapMessage message)
    {
        if (server.FindPeer(peer) is not { IsRegistered: true } device)
        {
            server.Tally.RefusedSends.Increment();
            server.Trace?.Record(peer, TraceDirection.Received, TraceKind.Event, default, "Send from an address without registration");
            return ValueTask.FromResult<CoapMessage?>(_stranger);
        }
        var answer = TakeAsync(device, message);
        server.Heard(device);
        return answer;
    }

    private ValueTask<CoapMessage?> TakeAsync(DeviceSession device, CoapMessage message)
    {
        if (Refuse(device, message, out var records) is { } refusal)
        {
            server.Tally.RefusedSends.Increment();
            return ValueTask.FromResult<CoapMessage?>(refusal);
        }
        if (server.KeepSent is { } keep)
        {
            return KeepAsync(device, records, keep);
        }
        Told(device, records);
        return ValueTask.FromResult<CoapMessage?>(_changed);
    }

    private async ValueTask<CoapMessage?> KeepAsync(DeviceSession device, RecordSet records, Func<DeviceKey, RecordSet, ValueTask> keep)
    {
        if (!await server.Store.IsKeptAsync(keep, device.Key, records).ConfigureAwait(false))
        {
            server.Tally.RefusedSends.Increment();
            return _busy;   // it may come again: nobody has been told of it
        }
        Told(device, records);
        return _changed;
    }

    private void Told(DeviceSession device, RecordSet records)
    {
        server.Tally.Sends.Increment();
        server.Reports.Sent(device, records);
    }

    // The answer to what is no good; null when it is.
    private CoapMessage? Refuse(DeviceSession device, CoapMessage message, out RecordSet records)
    {
        records = RecordSet.None;
        if (!OperationCodec.TryDecodeSend(message, server.Sender.ScopeOf(device), out var send, out var refusal))
        {
            server.Reports.Unmapped(device, RecordSet.None, $"A Send cannot be read; it was answered {refusal.Code}.", message.Payload);
            return refusal;
        }
        records = send.Records as RecordSet ?? new RecordSet(send.Records);
        if (FindUnregistered(device.Links, records) is { } objectId)
        {
            server.Reports.Unmapped(device, records, $"A Send names object {objectId}, which the device has not registered; it was answered 4.04.", message.Payload);
            return CoapMessage.Error(CoapCode.NotFound, $"Object {objectId} is not registered.");
        }
        return null;
    }

    private static int? FindUnregistered(LinkList links, RecordSet records)
    {
        var last = -1;
        foreach (ref readonly var record in records.AsSpan())
        {
            if (record.Path.IsRoot || record.Path.ObjectId == last)
            {
                continue;
            }
            last = record.Path.ObjectId;
            if (!IsRegistered(links, last))
            {
                return last;
            }
        }
        return null;
    }

    private static bool IsRegistered(LinkList links, int objectId)
    {
        foreach (var path in links.Paths)
        {
            if (path.ObjectId >= objectId)
            {
                return path.ObjectId == objectId;   // they are in ascending order
            }
        }
        return false;
    }
}
