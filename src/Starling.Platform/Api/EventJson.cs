using System.Text.Json.Nodes;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Events as the API tells them.</summary>
internal static class EventJson
{
    /// <summary>The type's name, which is also the SSE event's.</summary>
    public static string TypeOf(DeviceEvent happened) => happened switch
    {
        DeviceEvent.Registered => "registered",
        DeviceEvent.Updated => "updated",
        DeviceEvent.Deregistered => "deregistered",
        DeviceEvent.Expired => "expired",
        DeviceEvent.Rejected => "rejected",
        DeviceEvent.Moved => "moved",
        DeviceEvent.Notified => "notification",
        DeviceEvent.Sent => "sent",
        DeviceEvent.Unmapped => "unmapped",
        DeviceEvent.Awake => "awake",
        DeviceEvent.Asleep => "asleep",
        DeviceEvent.OperationEnded => "operation",
        _ => "gap",
    };

    /// <summary>The event; a notification carries path and value when it brings one value, else its values.</summary>
    public static JsonObject Write(DeviceEvent happened, CatalogView catalog)
    {
        var body = new JsonObject { ["type"] = TypeOf(happened), ["at"] = Rfc3339.Write(happened.At) };
        Add(body, "endpoint", happened.Key.Endpoint);
        Add(body, "registrationId", happened.RegistrationId);
        Add(body, "cause", happened.Cause);
        switch (happened)
        {
            case DeviceEvent.Registered registered:
                body["device"] = DeviceJson.Summary(registered.Registration);
                break;
            case DeviceEvent.Rejected rejected:
                body["address"] = rejected.Address.Text;
                body["coapCode"] = rejected.Code.ToString();
                break;
            case DeviceEvent.Moved moved:
                body["from"] = moved.From.Text;
                body["to"] = moved.To.Text;
                break;
            case DeviceEvent.Notified notified:
                AddNotification(body, notified, catalog);
                break;
            case DeviceEvent.Sent sent:
                body["values"] = RecordJson.Write(sent.Records, catalog);
                break;
            case DeviceEvent.Unmapped unmapped:
                body["values"] = RecordJson.Write(unmapped.Records, catalog);
                Add(body, "raw", Convert.ToBase64String(unmapped.Raw.Span));
                break;
            case DeviceEvent.Asleep { ExpectedBy: { } expected }:
                body["expectedBy"] = Rfc3339.Write(expected);
                break;
            case DeviceEvent.OperationEnded { Operation: var operation }:
                body["operation"] = operation.Id;
                body["state"] = operation.State.ToString().ToLowerInvariant();
                break;
            case DeviceEvent.Gap gap:
                body["missed"] = gap.Missed;
                break;
        }
        return body;
    }

    private static void AddNotification(JsonObject body, DeviceEvent.Notified notified, CatalogView catalog)
    {
        body["observation"] = notified.ObservationId;
        body["status"] = notified.Code.ToString();
        if (notified.Records is [var only])
        {
            body["path"] = only.Path.ToString();
            body["value"] = ValueJson.Write(only.Value);
        }
        else
        {
            body["path"] = notified.Path.ToString();
        }
        body["values"] = RecordJson.Write(notified.Records, catalog);
    }

    private static void Add(JsonObject body, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            body[name] = value;
        }
    }
}
