using Microsoft.Playwright;

namespace Starling.Console.Tests;

/// <summary>What a device is to tell and what it tells by itself: conditions, several things at once, Send, and what has no place.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ReportingTests(RunningProgram program)
{
    public static TheoryData<int, string> Windows => ConsoleTests.Windows;

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Conditions_are_set_shown_taken_away_and_observed_with(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        await page.GotoAsync($"/device?ep=demo-{31 + (3 * Number(width, theme))}&at=/3303/0");   // thermometers, one for each window
        var row = page.Locator("tr", new() { HasText = "Sensor Value" });
        await row.Locator("summary", new() { HasText = "Conditions" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("is not known");
        Assert.Equal(0, await row.GetByLabel("Told only when it becomes").CountAsync());   // which is for truths
        await row.GetByLabel("Told at most every").FillAsync("2");
        await row.GetByLabel("Changing by").FillAsync("0.1");
        await row.GetByRole(AriaRole.Button, new() { Name = "Set them only" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("conditions of Sensor Value are set");
        await Assertions.Expect(row).ToContainTextAsync("told when it has changed by 0.1");
        await visitor.LookAsync("conditions", row);
        await row.GetByRole(AriaRole.Button, new() { Name = "Take away: told when it has changed" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("is taken away");
        await Assertions.Expect(row).Not.ToContainTextAsync("told when it has changed");
        await row.GetByRole(AriaRole.Button, new() { Name = "Ask the device" }).ClickAsync();
        await Assertions.Expect(row).Not.ToContainTextAsync("There may be more");
        await Assertions.Expect(row).ToContainTextAsync("told at most every 2 s");
        await row.GetByLabel("Each message confirmed").SelectOptionAsync("1");
        await row.GetByRole(AriaRole.Button, new() { Name = "Observe so" }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("With the observation that runs");
        await Assertions.Expect(row).ToContainTextAsync("each message is confirmed");
        await visitor.LookAsync("observed-so", row);
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Several_resources_of_several_objects_are_read_written_and_observed_together(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        await page.GotoAsync($"/device?ep=demo-{33 + (3 * Number(width, theme))}&at=/3311/0");   // street lights
        var panel = page.Locator("#several");
        await page.GetByLabel("Take On/Off for several at once").CheckAsync();
        await page.GetByLabel("Take Dimmer for several at once").CheckAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Device /3/0" }).Or(page.Locator(".tree a", new() { HasText = "/3/0" })).First.ClickAsync();
        await page.GetByLabel("Take Manufacturer for several at once").CheckAsync();
        await Assertions.Expect(panel.Locator(".badge")).ToHaveTextAsync("3");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Read them" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("3 values are read in one message.");
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("Manufacturer: Starling");
        await visitor.LookAsync("several");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Write them" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("has a resource and its value");
        await panel.Locator("textarea").FillAsync("/3311/0/5850 = true\n/3311/0/5851 = 40\n/3/0/14 = +02:00");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Write them" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("3 values are written in one message.");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Observe them" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("3 paths are observed together.");
        await Assertions.Expect(page.Locator("#together")).ToContainTextAsync("/3/0/14");
        await visitor.LookAsync("together");
        await page.Locator("#together").GetByRole(AriaRole.Button, new() { Name = "Stop observing" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("not observed any more");
        await page.GetByLabel("Take Manufacturer for several at once").CheckAsync();
        await page.GetByLabel("Take Manufacturer for several at once").UncheckAsync();
        await Assertions.Expect(panel.Locator("textarea")).ToHaveValueAsync("/3311/0/5850 = true\n/3311/0/5851 = 40\n/3/0/14 = +02:00");
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task What_is_sent_unasked_is_shown_with_its_source(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        var meter = $"demo-{32 + (3 * Number(width, theme))}";
        var unmuted = await page.APIRequest.PutAsync($"{program.Url}/api/v1/devices/{meter}/1/0/23", new() { DataObject = new { value = false } });
        Assert.True(unmuted.Ok);
        await page.GotoAsync($"/device?ep={meter}&at=/3305/0");
        var row = page.Locator("tr", new() { HasText = "/5800" });
        await Assertions.Expect(row).ToContainTextAsync("sent, ", new() { Timeout = 60_000 });   // four times a minute
        await visitor.LookAsync("sent");
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task What_did_not_fit_is_shown_and_the_awake_window_is_set(int width, string theme)
    {
        var endpoint = $"well-{width}-{theme}";
        await using var device = await TellerDevice.StartAsync(program.Coap, endpoint);
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        await page.GotoAsync($"/device?ep={endpoint}&at=/42790/0");
        var card = page.Locator("#unmapped");
        await Assertions.Expect(card).ToContainTextAsync("What did not fit");
        await Assertions.Expect(card).ToContainTextAsync("/42790/0/1 = 12.5");
        await Assertions.Expect(card).ToContainTextAsync("There is no definition");
        await card.ScrollIntoViewIfNeededAsync();
        await visitor.LookAsync("unmapped");
        await page.Locator("summary", new() { HasText = "Change the awake window" }).ClickAsync();
        await page.GetByLabel("Seconds that it listens").FillAsync("20");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("listen for 20 s");
        await Assertions.Expect(page.Locator("#facts")).ToContainTextAsync("20 s, its own");
        await visitor.LookAsync("awake-window", page.Locator("#facts"));
    }

    private static int Number(int width, string theme) => (width == 390 ? 2 : 0) + (theme == "dark" ? 1 : 0);
}
