using Microsoft.Extensions.Logging.Abstractions;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform.Tests;

/// <summary>That a device has gone may be among the events that a slow reader missed.</summary>
public sealed class MissedEventsTests : IAsyncDisposable
{
    private static readonly DeviceKey _gone = new("gone");
    private static readonly DeviceEvent.Gap _gap = new(7, DateTimeOffset.UnixEpoch, 3);
    private readonly Lwm2mServer _server = new(new ServerSettings(), ObjectCatalog.Standard, TimeProvider.System);

    [Fact]
    public void Values_and_conditions_of_a_device_that_is_gone_are_not_kept_after_a_gap()
    {
        var attached = new AttachedConditions(TimeProvider.System);
        using var values = new LastValues(_server, TimeProvider.System, new PlatformSettings(), NullLogger<LastValues>.Instance, attached);
        var level = new Lwm2mPath(3, 0, 9);
        values.Take(_gone, [new(level, 55L)], ValueSource.Read);
        attached.Wrote(_gone, level, new NotificationAttributes { MinimumPeriod = 1 });
        values.Take(_gap);
        Assert.Null(values.Find(_gone, level));
        Assert.Null(attached.Find(_gone, level));
    }

    [Fact]
    public void Reports_of_a_device_that_is_gone_are_not_kept_after_a_gap()
    {
        using var reports = new UnmappedReports(_server);
        reports.Take(new DeviceEvent.Unmapped(_gone, 1, DateTimeOffset.UnixEpoch, null, "odd", RecordSet.None, default));
        Assert.Equal(1, reports.Find(_gone).Total);
        reports.Take(_gap);
        Assert.Equal(0, reports.Find(_gone).Total);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
