using System.Diagnostics.Metrics;

namespace Starling.Server;

/// <summary>The counters as instruments of the meter <c>Starling.Server</c>. They are read when somebody collects; counting costs nothing more.</summary>
internal sealed class ServerTelemetry : IDisposable
{
    private readonly Meter _meter = new("Starling.Server");

    public ServerTelemetry(Func<ServerCounters> read)
    {
        _meter.CreateObservableUpDownCounter("lwm2m.server.devices", () => read().Devices, "{device}", "Devices that are registered.");
        _meter.CreateObservableUpDownCounter("lwm2m.server.observations", () => read().Observations, "{observation}", "Observations that stand.");
        _meter.CreateObservableUpDownCounter("lwm2m.server.queue.waiting", () => read().WaitingOperations, "{operation}", "Operations that wait in the queue.");
        _meter.CreateObservableUpDownCounter("lwm2m.server.profiles", () => read().Profiles, "{profile}", "Profile ids that are known.");
        _meter.CreateObservableUpDownCounter("lwm2m.server.credentials", () => read().Credentials.Credentials, "{credential}", "Credentials that there are.");
        Counter("lwm2m.server.credentials.accepted", c => c.Credentials.Accepted, "{claim}", "Claims of peers accepted.");
        Counter("lwm2m.server.credentials.refused", c => c.Credentials.Refused, "{claim}", "Claims of peers refused.");
        Counter("lwm2m.server.credentials.full", c => c.Credentials.RefusedAdditions, "{credential}", "Credentials that were not added, because there are as many as there may be.");
        Counter("lwm2m.server.profiles.refused", c => c.RefusedProfiles, "{profile}", "Profile ids that were not learned.");
        Counter("lwm2m.server.queue.refused", c => c.RefusedOperations, "{operation}", "Operations that were not queued.");
        Counter("lwm2m.server.queue.expired", c => c.ExpiredOperations, "{operation}", "Operations whose device did not take them in time.");
        Counter("lwm2m.server.devices.forgotten", c => c.ForgottenDevices, "{device}", "Devices whose wanted observations went with their registration.");
        Counter("lwm2m.server.registrations", c => c.Registers, "{request}", "Registers accepted.");
        Counter("lwm2m.server.updates", c => c.Updates, "{request}", "Updates accepted.");
        Counter("lwm2m.server.deregistrations", c => c.Deregisters, "{request}", "De-registers accepted.");
        Counter("lwm2m.server.expirations", c => c.Expirations, "{registration}", "Registrations whose lifetime passed.");
        Counter("lwm2m.server.rejections", c => c.Rejections, "{request}", "Registers, Updates and De-registers refused.");
        Counter("lwm2m.server.observations.refused", c => c.RefusedObservations, "{observation}", "Observations beyond a device's limit.");
        Counter("lwm2m.server.notifications", c => c.Notifications, "{notification}", "Notifications taken.");
        Counter("lwm2m.server.notifications.stale", c => c.StaleNotifications, "{notification}", "Notifications that came late.");
        Counter("lwm2m.server.sends", c => c.Sends, "{request}", "Sends taken.");
        Counter("lwm2m.server.sends.refused", c => c.RefusedSends, "{request}", "Sends refused: from nobody who is registered, of an object that is not, or unreadable.");
        Counter("lwm2m.server.unmapped", c => c.Unmapped, "{message}", "Messages with values that have no place.");
        Counter("lwm2m.server.operations", c => c.Operations, "{operation}", "Operations sent to devices.");
        Counter("lwm2m.server.operations.failed", c => c.FailedOperations, "{operation}", "Operations without an answer.");
        Counter("lwm2m.server.events.missed", c => c.MissedEvents, "{event}", "Events that slow subscribers missed.");
        Counter("lwm2m.server.store.failures", c => c.StoreFailures, "{change}", "Changes that the store did not keep.");

        void Counter(string name, Func<ServerCounters, long> pick, string unit, string text) =>
            _meter.CreateObservableCounter(name, () => pick(read()), unit, text);
    }

    public void Dispose() => _meter.Dispose();
}
