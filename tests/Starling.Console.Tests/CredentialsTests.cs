using Microsoft.Playwright;

namespace Starling.Console.Tests;

/// <summary>The page of the credentials, as a person uses it.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class CredentialsTests(RunningProgram program)
{
    public static TheoryData<int, string> Windows => ConsoleTests.Windows;

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Key_is_made_found_rotated_and_removed(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        var name = $"meter-{width}-{theme}";   // one for each window
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Credentials" }).ClickAsync();
        await visitor.LookAsync("credentials-first");
        await page.GetByText("Add a credential").ClickAsync();
        var psk = page.Locator("form", new() { HasText = "Add the key" });
        await psk.GetByLabel("Endpoint name").First.FillAsync(name);
        await visitor.LookAsync("credentials-add");
        await psk.GetByRole(AriaRole.Button, new() { Name = "Add the key" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("shown only now");
        await page.GetByLabel("Search").FillAsync(name);
        var row = page.GetByRole(AriaRole.Row, new() { Name = name });
        await Assertions.Expect(row).ToContainTextAsync("valid");
        await Assertions.Expect(page.Locator("#credentials tbody tr")).ToHaveCountAsync(1);
        await row.Locator("summary", new() { HasText = "Rotate" }).ClickAsync();
        await visitor.LookAsync("credentials-rotate", row);
        await row.Locator("form").GetByRole(AriaRole.Button, new() { Name = "Rotate" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("ends in 24 hours");
        var old = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "ends in" });
        await Assertions.Expect(page.Locator("#credentials tbody tr")).ToHaveCountAsync(2);
        await visitor.LookAsync("credentials-rotated");
        await old.Locator("summary", new() { HasText = "Remove" }).ClickAsync();
        await old.GetByRole(AriaRole.Button, new() { Name = "Remove it" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("The credential is removed.");
        await Assertions.Expect(page.Locator("#credentials tbody tr")).ToHaveCountAsync(1);
        await visitor.LookAsync("credentials-removed");
    }

    [ChromiumTheory]
    [MemberData(nameof(Windows))]
    public async Task Table_with_a_mistake_is_shown_before_anything_is_added_and_a_device_is_explained(int width, string theme)
    {
        await using var visitor = await Visitor.ComeAsync(program, width, theme);
        var page = visitor.Page;
        var name = $"table-{width}-{theme}";
        await page.GotoAsync("/credentials");
        await page.GetByText("Import a table").ClickAsync();
        await ChooseAsync($"endpoint,pskIdentity,pskKey\n{name},{name},00112233445566778899aabbccddeeff\nother,other,zz\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Look for mistakes" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("line 3: ");
        await visitor.LookAsync("credentials-mistake");
        await ChooseAsync($"endpoint,pskIdentity,pskKey\n{name},{name},00112233445566778899aabbccddeeff\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add all" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("1 credential added.");
        await page.Locator("#explain summary").ClickAsync();
        await page.Locator("#explain").GetByLabel("The endpoint name that it tells").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Explain what would happen" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync("answered 4.03");
        await page.Locator("#explain").GetByLabel("Its PSK identity").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Explain what would happen" }).ClickAsync();
        await Assertions.Expect(page.Locator("#result")).ToContainTextAsync($"registered as {name}");
        await visitor.LookAsync("credentials-explained");

        Task ChooseAsync(string csv) => page.Locator("input[type=file]").SetInputFilesAsync(
            new FilePayload { Name = "devices.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(csv) });
    }
}
