using Starling.Server;

namespace Starling.Platform.Tests;

/// <summary>A device that sleeps, on the console's pages.</summary>
public sealed class SleepingDeviceTests(RunningPlatform platform) : IClassFixture<RunningPlatform>
{
    [Fact]
    public async Task What_is_asked_of_it_waits_is_shown_and_is_taken_back()
    {
        await HandRegistration.RegisterAsync(platform.Coap, "dozer", "Q");
        var device = platform.Server.Find(new DeviceKey("dozer"))!;
        await device.SetAwakeWindowAsync(TimeSpan.Zero);
        await using var events = platform.Server.Events(RunningPlatform.Patience).GetAsyncEnumerator();
        while (device.Presence.IsAwake && await events.MoveNextAsync())
        {
            // Each event is a reason to look again; the one that is waited for comes within a tick of the wheel.
        }
        Assert.Contains(">asleep<", await platform.Http.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        var page = await ActAsync(("op", "read"), ("path", "/3/0/0"));
        Assert.Contains("this waits for it", page, StringComparison.Ordinal);
        Assert.Contains("Waiting for the device", page, StringComparison.Ordinal);
        Assert.Contains("no. It told queue mode", page, StringComparison.Ordinal);
        var waiting = Assert.Single(platform.Server.Operations.List(device.Key, 0, 10));
        page = await ActAsync(("op", "cancel"), ("path", "/3"), ("value", waiting.Id));
        Assert.Contains("It is taken back.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for the device", page, StringComparison.Ordinal);
        Assert.Contains("no such operation", await ActAsync(("op", "cancel"), ("path", "/3"), ("value", "never")), StringComparison.Ordinal);
    }

    private async Task<string> ActAsync(params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Append((Name: "ep", Value: "dozer")).Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var response = await platform.Http.PostAsync(new Uri("/device/do", UriKind.Relative), form);
        return await response.Content.ReadAsStringAsync();
    }
}
