using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>Tells what happened to registrations: counters, log, trace, and events where somebody listens. Under the session's lock.</summary>
internal sealed class RegistrationNews(Lwm2mServer server)
{
    public void Registered(DeviceSession session, RegistrationId? before)
    {
        server.Tally.Registers.Increment();
        server.Log.Registered(session);
        server.Trace?.Record(session.Peer!, TraceDirection.Received, TraceKind.Event, default, $"registered as {session.Key}");
        if (server.EventHub.IsWanted)
        {
            server.EventHub.Publish((session, before), static (n, sequence, at) => new DeviceEvent.Registered(
                n.session.Key, sequence, at, n.session.Id.ToString(), n.before is { } id ? $"had been registered as {id}" : null, n.session.Snapshot()));
        }
    }

    public void Updated(DeviceSession session, string? changes)
    {
        server.Tally.Updates.Increment();
        if (server.EventHub.IsWanted)
        {
            server.EventHub.Publish((session, changes), static (n, sequence, at) =>
                new DeviceEvent.Updated(n.session.Key, sequence, at, n.session.Id.ToString(), n.changes));
        }
    }

    public void Deregistered(DeviceSession session, string cause)
    {
        server.Tally.Deregisters.Increment();
        server.Log.Deregistered(session, cause);
        if (server.EventHub.IsWanted)
        {
            server.EventHub.Publish((session, cause), static (n, sequence, at) =>
                new DeviceEvent.Deregistered(n.session.Key, sequence, at, n.session.Id.ToString(), n.cause));
        }
    }

    public void Expired(DeviceSession session)
    {
        server.Tally.Expirations.Increment();
        server.Log.Expired(session);
        if (server.EventHub.IsWanted)
        {
            server.EventHub.Publish(session, static (s, sequence, at) =>
                new DeviceEvent.Expired(s.Key, sequence, at, s.Id.ToString(), $"no Update within {s.Lifetime} s"));
        }
    }

    public void Moved(DeviceSession session, PeerAddress from)
    {
        server.Log.Moved(session, from);
        if (server.EventHub.IsWanted)
        {
            server.EventHub.Publish((session, from), static (n, sequence, at) => new DeviceEvent.Moved(
                n.session.Key, sequence, at, n.session.Id.ToString(), "its registration was named from there", n.from, n.session.Peer!.Address));
        }
    }

    /// <summary>Gives the answer.</summary>
    public CoapMessage Rejected(Peer peer, string? endpoint, RegistrationId? id, Refusal refusal)
    {
        server.Tally.Rejections.Increment();
        server.Log.Rejected(peer, refusal);
        server.Trace?.Record(peer, TraceDirection.Received, TraceKind.Event, default, refusal.Why);
        if (server.EventHub.IsWanted)
        {
            server.EventHub.Publish((peer, endpoint, id, refusal), static (n, sequence, at) => new DeviceEvent.Rejected(
                new DeviceKey(n.endpoint ?? ""), sequence, at, n.id?.ToString(), n.refusal.Why, n.peer.Address, n.refusal.Code));
        }
        return refusal.Message;
    }

    /// <summary>Names what an Update told; null when it told nothing.</summary>
    public static string? Changes(Lwm2mRequest.Update update)
    {
        var told = new List<string>();
        AddIf(update.Lifetime is not null, "lifetime");
        AddIf(update.Binding is not null, "binding");
        AddIf(update.QueueMode is not null, "queue mode");
        AddIf(update.SmsNumber is not null, "SMS number");
        AddIf(update.Links is not null, "objects");
        AddIf(update.ProfileIds is not null, "profile ids");
        return told.Count == 0 ? null : string.Join(", ", told);

        void AddIf(bool isTold, string name)
        {
            if (isTold)
            {
                told.Add(name);
            }
        }
    }
}
