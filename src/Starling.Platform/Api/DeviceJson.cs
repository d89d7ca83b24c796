using System.Text.Json.Nodes;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>A device as the API shows it.</summary>
internal static class DeviceJson
{
    /// <summary>What lists show.</summary>
    public static JsonObject Summary(Registration registration) => new()
    {
        ["endpoint"] = registration.Endpoint,
        ["version"] = registration.Version.ToString(),
        ["lifetime"] = registration.Lifetime,
        ["binding"] = registration.Binding,
        ["queueMode"] = registration.QueueMode,
        ["address"] = registration.Address.Text,
        ["transport"] = registration.Address.Transport,
        ["security"] = IdentityJson.Write(registration.Identity),
        ["registrationId"] = registration.Id,
        ["registeredAt"] = Rfc3339.Write(registration.RegisteredAt),
        ["updatedAt"] = Rfc3339.Write(registration.UpdatedAt),
        ["expiresAt"] = registration.ExpiresAt is { } end ? Rfc3339.Write(end) : null,
    };

    /// <summary>Everything that is known: also the objects.</summary>
    public static JsonObject Whole(DeviceSession device, CatalogView catalog, ServerSettings settings)
    {
        var registration = device.Registration;
        var body = Summary(registration);
        body["sms"] = registration.SmsNumber;
        body["root"] = registration.Links.Root;
        body["objects"] = new JsonArray([.. registration.Links.Paths.Select(p => Link(p, catalog))]);
        body["profileIds"] = new JsonArray([.. registration.ProfileIds.Select(id => (JsonNode)id)]);
        body["presence"] = Presence(device.Presence);
        body["awakeWindow"] = AwakeWindowApi.Write(device, settings);
        body["observations"] = new JsonArray([.. device.Observations.Select(Observation)]);
        return body;
    }

    /// <summary>An observation.</summary>
    public static JsonObject Observation(Observation observation)
    {
        var body = new JsonObject { ["id"] = observation.Id, ["path"] = observation.Path.ToString(), ["established"] = observation.IsEstablished };
        if (observation.IsComposite)
        {
            body["paths"] = new JsonArray([.. observation.Paths.Select(p => (JsonNode)p.ToString())]);
        }
        return body;
    }

    private static JsonObject Presence(Presence presence) => new()
    {
        ["awake"] = presence.IsAwake,
        ["reason"] = presence.Reason,
        ["heardAt"] = Rfc3339.Write(presence.HeardAt),
        ["until"] = presence.Until is { } until ? Rfc3339.Write(until) : null,
    };

    private static JsonObject Link(Lwm2mPath path, CatalogView catalog)
    {
        var definition = catalog.FindObject(path.ObjectId);
        return new JsonObject { ["path"] = path.ToString(), ["name"] = definition?.Name, ["version"] = definition?.Version.ToString() };
    }
}
