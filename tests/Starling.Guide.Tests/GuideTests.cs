using System.Reflection;
using System.Text.RegularExpressions;

namespace Starling.Guide.Tests;

/// <summary>Follows the guides to the letter: types every command in order, and looks for every line that the guide shows.</summary>
public sealed partial class GuideTests
{
    [GuideFact("README.md")]
    public Task Readme_can_be_followed() => FollowAsync("README.md");

    [GuideFact("docs/guide/first-device.md")]
    public Task First_device_can_be_followed() => FollowAsync("docs/guide/first-device.md");

    [GuideFact("docs/guide/first-server.md")]
    public Task First_server_can_be_followed() => FollowAsync("docs/guide/first-server.md");

    [GuideFact("docs/guide/first-client.md")]
    public Task First_client_can_be_followed() => FollowAsync("docs/guide/first-client.md");

    [GuideFact("docs/guide/security.md")]
    public Task Security_can_be_followed() => FollowAsync("docs/guide/security.md");

    [GuideFact("docs/guide/rest-api.md")]
    public Task Rest_api_can_be_followed() => FollowAsync("docs/guide/rest-api.md");

    [GuideFact("docs/guide/command-line.md")]
    public Task Command_line_can_be_followed() => FollowAsync("docs/guide/command-line.md");

    [GuideFact("docs/guide/sleeping-devices.md")]
    public Task Sleeping_devices_can_be_followed() => FollowAsync("docs/guide/sleeping-devices.md");

    [GuideFact("docs/guide/credentials.md")]
    public Task Credentials_can_be_followed() => FollowAsync("docs/guide/credentials.md");

    [GuideFact("docs/guide/firmware.md")]
    public Task New_firmware_can_be_followed() => FollowAsync("docs/guide/firmware.md");

    [GuideFact("samples/MinimalServer/README.md")]
    public Task Minimal_server_works() => FollowAsync("samples/MinimalServer/README.md");

    [GuideFact("samples/MinimalClient/README.md")]
    public Task Minimal_client_works() => FollowAsync("samples/MinimalClient/README.md");

    [GuideFact("samples/CustomObject/README.md")]
    public Task Custom_object_works() => FollowAsync("samples/CustomObject/README.md");

    [GuideFact("samples/CustomTransport/README.md")]
    public Task Custom_transport_works() => FollowAsync("samples/CustomTransport/README.md");

    [GuideFact("samples/DtlsEcho/README.md")]
    public Task Echo_over_dtls_works() => FollowAsync("samples/DtlsEcho/README.md");

    [Fact]
    public void Every_guide_is_followed_by_a_test()
    {
        var followed = typeof(GuideTests).GetMethods().SelectMany(m => m.GetCustomAttributes<GuideFactAttribute>()).Select(a => a.Document);
        // A page without commands is code, which Starling.Architecture.Tests compiles.
        var pages = Guide.Documents.Where(d => !Guide.TextOf(d).Contains("```csharp", StringComparison.Ordinal) || Guide.Read(d).Steps.Count > 0);
        Assert.Equal(pages.Order(StringComparer.Ordinal), followed.Order(StringComparer.Ordinal));
        Assert.All(pages, d => Assert.NotEmpty(Guide.Read(d).Steps));
    }

    [Fact]
    public void Command_stands_only_in_blocks_that_are_run()
    {
        foreach (var document in Guide.Documents)
        {
            foreach (Match block in OtherBlocks().Matches(Guide.TextOf(document)))
            {
                Assert.DoesNotMatch(Commands(), block.Groups[2].Value);
            }
        }
    }

    [Theory]
    [InlineData("docs/guide/first-server.md", "samples/MinimalServer/Program.cs")]
    [InlineData("docs/guide/first-client.md", "samples/MinimalClient/Program.cs")]
    public void Program_of_a_guide_is_the_sample(string guide, string sample) =>
        Assert.Contains($"```csharp\n{Guide.TextOf(sample)}```\n", Guide.TextOf(guide), StringComparison.Ordinal);

    private static async Task FollowAsync(string document)
    {
        await using var terminal = new Terminal();
        foreach (var step in Guide.Read(document).Steps)
        {
            await FollowAsync(terminal, step);
        }
    }

    private static async Task FollowAsync(Terminal terminal, GuideStep step)
    {
        if (step.Stays)
        {
            var number = await terminal.StartAsync(step.Command);
            foreach (var (line, pattern) in step.Shown.Zip(step.Patterns))
            {
                // A line that is a comment leads back to the first terminal.
                var isComment = line.StartsWith("# ", StringComparison.Ordinal);
                number = isComment ? 1 : number;
                await (isComment ? Task.CompletedTask : terminal.WaitForAsync(number, pattern));
            }
            return;
        }
        var (exit, lines) = await terminal.RunAsync(step.Command);
        var said = $"$ {step.Command}\n{string.Join('\n', lines)}\n(exit code {exit})\n\n{terminal.Said}";
        Assert.True(exit == 0 != step.Fails || step.Command.Contains("$?", StringComparison.Ordinal), said);
        var at = 0;
        foreach (var pattern in step.Patterns)
        {
            var found = Array.FindIndex(lines, at, l => pattern.IsMatch(l.TrimEnd()));
            Assert.True(found >= 0, $"No line was '{pattern}':\n{said}");
            at = found + 1;
        }
    }

    [GeneratedRegex("^```(?!console)([a-z]*)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex OtherBlocks();

    [GeneratedRegex(@"^(\$ |\./|curl |dotnet |coap-)", RegexOptions.Multiline)]
    private static partial Regex Commands();
}
