using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform.Tests;

public sealed class EventLogTests : IAsyncDisposable
{
    private readonly Lwm2mServer _server = new(new ServerSettings(), ObjectCatalog.Standard, TimeProvider.System);

    [Theory]
    [InlineData(100, 8)]      // small ones: as many as may be kept
    [InlineData(3_000, 2)]    // these fill the room before
    [InlineData(20_000, 1)]   // the newest is there in any case
    public async Task Kept_events_are_bounded_in_number_and_in_memory(int bytes, int kept)
    {
        var log = new EventLog(_server, new PlatformSettings { KeptEvents = 8, KeptEventBytes = 8_000 }, TimeProvider.System);
        for (var i = 1; i <= 20; i++)
        {
            log.Append(Sent(i, bytes));
        }
        var oldest = log.Resume($"{log.Run}-1", out var missed);
        Assert.Equal((21L - kept, true), (oldest, missed));
        Assert.Equal(oldest, log.Resume($"{log.Run}-{oldest - 1}", out missed));
        Assert.False(missed);
        for (var number = oldest; number <= 20; number++)
        {
            Assert.Equal(number, (await log.ReadAsync(number, CancellationToken.None)).Happened.Sequence);
        }
        Assert.Equal(oldest, (await log.ReadAsync(1, CancellationToken.None)).Number);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static DeviceEvent.Sent Sent(long sequence, int bytes) => new DeviceEvent.Sent(
        new DeviceKey("dev"), sequence, DateTimeOffset.UnixEpoch, null, null, new RecordSet([new(new Lwm2mPath(19, 0, 0), new byte[bytes])]));
}
