using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Takes what devices send without being asked: POST to <c>/dp</c> (LwM2M Core 1.2 §6.4.6).</summary>
internal sealed class SendReceiver(Lwm2mServer server)
{
    private static readonly CoapMessage _changed = CoapMessage.Response(CoapCode.Changed);
    private static readonly CoapMessage _stranger = CoapMessage.Error(CoapCode.NotFound, "Nobody is registered at this address.");

    public CoapMessage Take(Peer peer, CoapMessage message)
    {
        if (server.FindPeer(peer) is not { IsRegistered: true } device)
        {
            server.Tally.RefusedSends.Increment();
            server.Trace?.Record(peer, TraceDirection.Received, TraceKind.Event, default, "Send from an address without registration");
            return _stranger;
        }
        var answer = Take(device, message);
        server.Heard(device);
        return answer;
    }

    private CoapMessage Take(DeviceSession device, CoapMessage message)
    {
        if (!OperationCodec.TryDecodeSend(message, server.Sender.ScopeOf(device), out var send, out var refusal))
        {
            server.Tally.RefusedSends.Increment();
            server.Reports.Unmapped(device, RecordSet.None, $"A Send cannot be read; it was answered {refusal.Code}.", message.Payload);
            return refusal;
        }
        var records = send.Records as RecordSet ?? new RecordSet(send.Records);
        if (FindUnregistered(device.Links, records) is { } objectId)
        {
            server.Tally.RefusedSends.Increment();
            server.Reports.Unmapped(device, records, $"A Send names object {objectId}, which the device has not registered; it was answered 4.04.", message.Payload);
            return CoapMessage.Error(CoapCode.NotFound, $"Object {objectId} is not registered.");
        }
        server.Tally.Sends.Increment();
        server.Reports.Sent(device, records);
        return _changed;
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
