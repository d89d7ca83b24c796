using Microsoft.Playwright;

namespace Starling.Console.Tests;

/// <summary>What a person does with the console, in a real browser, at the widths of a desk and a hand.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ConsoleTests(RunningProgram program)
{
    private const string Sluice = """
        <?xml version="1.0" encoding="UTF-8"?>
        <LWM2M><Object ObjectType="MODefinition"><Name>Sluice</Name><Description1>A gate.</Description1><ObjectID>42780</ObjectID>
        <ObjectURN>urn:oma:lwm2m:x:42780</ObjectURN><LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>1.0</ObjectVersion>
        <MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory><Resources>
        <Item ID="1"><Name>Opening</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory>
        <Type>Integer</Type><RangeEnumeration>0..100</RangeEnumeration><Units>/100</Units><Description>How far.</Description></Item>
        </Resources><Description2></Description2></Object></LWM2M>
        """;

    public static TheoryData<int, string> Windows => new() { { 1280, "light" }, { 1280, "dark" }, { 390, "light" }, { 390, "dark" } };

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Device_is_found_by_typing_and_opened(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByText("1–50 of 10,000")).ToBeVisibleAsync();
        await visitor.LookAsync("devices");
        await page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await Assertions.Expect(page.GetByText("51–100 of 10,000")).ToBeVisibleAsync();
        await page.GetByLabel("Search").FillAsync("DEMO-123");
        await Assertions.Expect(page.GetByText("1–11 of 11")).ToBeVisibleAsync();   // demo-123, and demo-1230 to demo-1239
        Assert.EndsWith("/?q=DEMO-123", page.Url, StringComparison.Ordinal);
        await visitor.LookAsync("search");
        await page.GetByRole(AriaRole.Link, new() { Name = "demo-1236" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "demo-1236" })).ToBeVisibleAsync();
        await visitor.LookAsync("device");
        await page.GetByRole(AriaRole.Link, new() { Name = "Power Measurement" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Power Measurement" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Read all" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("values read.");
        await visitor.LookAsync("values");
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Resource_is_read_observed_and_its_curve_moves(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        // Thermometers, one for each window: what one test observes is no matter of another.
        var device = (width, theme) switch { (1280, "light") => 1, (1280, _) => 4, (_, "light") => 7, _ => 10 };
        await page.GotoAsync($"/device?ep=demo-{device}&at=/3303/0");
        var row = page.Locator("tr", new() { HasText = "Sensor Value" });
        await row.GetByRole(AriaRole.Button, new() { Name = "Read" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("Sensor Value is ");
        await Assertions.Expect(row).ToContainTextAsync("read, ");
        await row.GetByRole(AriaRole.Button, new() { Name = "Observe", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("is observed");
        var curve = row.Locator("polyline");
        await Assertions.Expect(curve).ToBeAttachedAsync();
        var before = await curve.GetAttributeAsync("points") ?? "";
        await Assertions.Expect(curve).Not.ToHaveAttributeAsync("points", before);
        await curve.ScrollIntoViewIfNeededAsync();
        await visitor.LookAsync("curve");
        await row.GetByRole(AriaRole.Button, new() { Name = "Stop observing" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("not observed any more");
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Light_is_switched_and_a_wrong_value_is_explained(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        await page.GotoAsync("/device?ep=demo-3&at=/3311/0");
        var light = page.Locator("tr", new() { HasText = "On/Off" });
        await light.Locator("summary", new() { HasText = "Write" }).ClickAsync();
        await light.GetByLabel("New value").SelectOptionAsync("true");
        await light.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Write" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("On/Off is written.");
        await Assertions.Expect(light).ToContainTextAsync("yes");
        await visitor.LookAsync("written");
        var dimmer = page.Locator("tr", new() { HasText = "Dimmer" });
        await dimmer.Locator("summary", new() { HasText = "Write" }).ClickAsync();
        await dimmer.GetByLabel("New value").FillAsync("101");
        await dimmer.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Write" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("outside 0..100");
        await visitor.LookAsync("refused");
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Resource_is_executed_with_the_keyboard_alone(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        await page.GotoAsync("/device?ep=demo-1&at=/3303/0");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByText("Skip to the content")).ToBeFocusedAsync();
        await page.Locator("tr", new() { HasText = "Reset Min" }).GetByRole(AriaRole.Button, new() { Name = "Execute" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("is executed.");
        await visitor.LookAsync("executed");
    }

    /// <summary>What a mouse reaches a keyboard reaches too, in the order of the page, and one sees where it is.</summary>
    [ChromiumTheory]
    [InlineData("/")]
    [InlineData("/device?ep=demo-3&at=/3311/0")]
    [InlineData("/device/trace?ep=demo-3")]
    [InlineData("/device/check?ep=demo-3")]
    [InlineData("/models?q=Light")]
    [InlineData("/credentials")]
    [InlineData("/handshakes")]
    [InlineData("/openapi")]
    public async Task Page_is_walked_with_the_keyboard_alone(string address)
    {
        await using var visitor = await Visitor.ComeAsync(program, 1280, "light");
        var page = visitor.Page;
        await page.GotoAsync(address);
        await page.GetByRole(AriaRole.Heading).First.WaitForAsync();
        var there = await page.EvaluateAsync<int>("""
            [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
              .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0).length
            """);
        Assert.True(there > 5, $"{address} has {there} things to reach.");
        await page.EvaluateAsync("window.reached = new Set()");
        for (var i = 0; i < there; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.Equal("", await page.EvaluateAsync<string>("""
                () => {
                  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
                  if (e === document.body) return 'the page is left too early';
                  window.reached.add(e);
                  const isShown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
                  const isInside = box.bottom > 0 && box.top < innerHeight;
                  return isShown && isInside ? '' : `${e.outerHTML.slice(0, 80)}: outline ${style.outline}, at ${box.top}`;
                }
                """));
        }
        Assert.Equal(there, await page.EvaluateAsync<int>("window.reached.size"));
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Protocol_is_followed_filtered_and_paused(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        await page.GotoAsync("/device/trace?ep=demo-2");
        await AskAsync("/3/0/1");
        await Assertions.Expect(page.GetByText("GET /3/0/1 (Read)").First).ToBeVisibleAsync();
        var answer = page.Locator(".trace details", new() { HasText = "/3/0/1 = " }).First;
        await answer.Locator("summary").ClickAsync();
        await Assertions.Expect(answer.Locator("pre.hex")).ToContainTextAsync("0000  ");
        await visitor.LookAsync("protocol");
        await page.GetByLabel("Filter").FillAsync("/3/0/2");
        await AskAsync("/3/0/2");
        await Assertions.Expect(page.Locator(".trace summary", new() { HasText = "/3/0/2 (Read)" }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("GET /3/0/1 (Read)")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Go on" })).ToHaveAttributeAsync("aria-pressed", "true");

        async Task AskAsync(string path)
        {
            var response = await page.APIRequest.GetAsync($"{program.Url}/api/v1/devices/demo-2{path}");
            Assert.True(response.Ok);
        }
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Device_is_checked_and_each_case_shows_its_messages(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        // A device for each window: one is checked by one at a time.
        var device = (width, theme) switch { (1280, "light") => 21, (1280, _) => 24, (_, "light") => 27, _ => 30 };
        await page.GotoAsync($"/device?ep=demo-{device}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Check" }).ClickAsync();
        await Assertions.Expect(page.GetByText("has not been checked")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await Assertions.Expect(page.Locator("#check")).ToContainTextAsync("ended at", new() { Timeout = 45_000 });
        var cases = await page.Locator("#check details").AllInnerTextsAsync();
        Assert.DoesNotContain(cases, c => c.TrimStart().StartsWith("fail", StringComparison.OrdinalIgnoreCase));
        await Assertions.Expect(page.GetByText("0 failed")).ToBeVisibleAsync();
        var passed = page.Locator("details", new() { HasText = "1.1-int-201" });
        await passed.Locator("summary").ClickAsync();
        await Assertions.Expect(passed.Locator("pre")).ToContainTextAsync("server CON GET /3/0/0 Accept:0");
        await visitor.LookAsync("check");
        var skipped = page.Locator("details", new() { HasText = "1.1-int-685" });
        await skipped.Locator("summary").ClickAsync();
        await Assertions.Expect(skipped).ToContainTextAsync("--destructive");
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Model_is_uploaded_after_its_mistake_is_reported(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        await page.GotoAsync("/models");
        await visitor.LookAsync("models");
        await UploadAsync(Sluice.Replace("Integer", "Integral", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("Integral");
        await visitor.LookAsync("mistake");
        await UploadAsync(Sluice);
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("The object is known now.");
        await page.GetByLabel("Search").FillAsync("sluice");
        await page.Locator("summary", new() { HasText = "Sluice" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "Opening" })).ToBeVisibleAsync();
        await visitor.LookAsync("model");

        async Task UploadAsync(string xml)
        {
            await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "sluice.xml", MimeType = "text/xml", Buffer = System.Text.Encoding.UTF8.GetBytes(xml) });
            await page.GetByRole(AriaRole.Button, new() { Name = "Check and add" }).ClickAsync();
        }
    }

    [ChromiumTheory]
    [InlineData(1280, "light", "dark")]
    [InlineData(390, "dark", "light")]
    public async Task Theme_is_changed_and_stays(int width, string theme, string other)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        await page.GotoAsync("/");
        var before = await GroundAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Change between light and dark" }).ClickAsync();
        Assert.NotEqual(before, await GroundAsync());
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", other);
        Assert.NotEqual(before, await GroundAsync());
        await visitor.LookAsync("theme");

        Task<string> GroundAsync() => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }
}
