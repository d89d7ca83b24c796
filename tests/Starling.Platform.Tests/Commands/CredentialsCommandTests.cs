using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class CredentialsCommandTests(RunningPlatform platform) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Key_that_is_made_is_shown_once_and_works()
    {
        var added = await DoneAsync("add", "--endpoint", "cli-made");
        Assert.Contains("shown only now", added, StringComparison.Ordinal);
        var key = Regex.Match(added, "key +([0-9a-f]{32})").Groups[1].Value;
        var verdict = await platform.Credentials.JudgeAsync(new PeerClaim.PreSharedKey("cli-made"u8.ToArray()), default);
        Assert.Equal(Convert.FromHexString(key), Assert.IsType<PeerVerdict.Accepted>(verdict).Key.ToArray());
        var listed = await DoneAsync("list", "--find", "cli-made");
        Assert.Contains("cli-made", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key, listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examples_of_the_help_do_what_they_show()
    {
        using var pki = new TestPki(TimeProvider.System.GetUtcNow());
        var files = new Dictionary<string, string>
        {
            ["meter-9.pub.pem"] = pki.Server("a").Key.ExportSubjectPublicKeyInfoPem(),
            ["pki/ca.pem"] = pki.Root.Certificate.ExportCertificatePem(),
            ["meters.csv"] = "endpoint,pskIdentity,pskKey\ncli-csv-1,cli-csv-1,0011223344556677\n",
        };
        var run = 0;
        foreach (var verb in new[] { "add", "list", "disable", "enable", "explain", "import", "rotate", "remove" })
        {
            var (_, help, _) = await CommandRun.RunAsync("credentials", verb, "--help");
            foreach (var example in help.Split('\n').Where(l => l.StartsWith("  starling credentials ", StringComparison.Ordinal) && !l.Contains('[', StringComparison.Ordinal)))
            {
                string[] words = [.. example.Trim().Split(' ').Skip(2).Select(w => files.TryGetValue(w, out var text) ? FileOf(w, text) : w)];
                words = words is ["import", _] ? [.. words, "--dry-run"] : words is ["remove", ..] ? ["remove", "meter-8"] : words;
                await DoneAsync(words);
                run++;
            }
        }
        Assert.InRange(run, 15, 30);
    }

    [Fact]
    public async Task Rotation_tells_the_new_key_and_when_the_old_one_ends()
    {
        await DoneAsync("add", "--endpoint", "cli-turn", "--psk-key", "00112233");
        var turned = await DoneAsync("rotate", "cli-turn", "--overlap", "3600");
        Assert.Contains("cli-turn.2", turned, StringComparison.Ordinal);
        Assert.Matches("ends at 20", turned);
        Assert.Contains("cli-turn.3", await DoneAsync("rotate", "cli-turn"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_is_read_from_a_file()
    {
        await DoneAsync("add", "--endpoint", "cli-file", "--psk-key", "@" + FileOf("key.txt", "00112233445566778899aabbccddeeff\n"));
        var verdict = await platform.Credentials.JudgeAsync(new PeerClaim.PreSharedKey("cli-file"u8.ToArray()), default);
        Assert.Equal(16, Assert.IsType<PeerVerdict.Accepted>(verdict).Key.Length);
    }

    [Fact]
    public async Task Endpoint_with_several_credentials_is_asked_for_an_id()
    {
        await DoneAsync("add", "--endpoint", "cli-two", "--psk-identity", "cli-two-a");
        await DoneAsync("add", "--endpoint", "cli-two", "--psk-identity", "cli-two-b");
        var (exit, _, error) = await RunAsync("remove", "cli-two");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("Name one by its id", error, StringComparison.Ordinal);
        var id = JsonNode.Parse(await DoneAsync("list", "--find", "cli-two-a", "--json"))!["items"]![0]!["id"]!.GetValue<string>();
        await DoneAsync("remove", id);
        await DoneAsync("disable", "cli-two");
        Assert.Contains("disabled", await DoneAsync("list", "--find", "cli-two"), StringComparison.Ordinal);
        await DoneAsync("enable", "cli-two");
        await DoneAsync("remove", "cli-two");
    }

    [Fact]
    public async Task Explanation_says_why()
    {
        await DoneAsync("add", "--endpoint", "cli-why");
        Assert.Contains("registered as cli-why", await DoneAsync("explain", "--psk-identity", "cli-why"), StringComparison.Ordinal);
        var open = await DoneAsync("explain", "cli-why");
        Assert.Contains("no   no security: There is a credential", open, StringComparison.Ordinal);
        Assert.Contains("answered 4.03", open, StringComparison.Ordinal);
        Assert.Contains("handshake would fail", await DoneAsync("explain", "cli-why", "--psk-identity", "nobody"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_with_mistakes_is_refused_line_by_line()
    {
        var file = FileOf("bad.csv", "endpoint,pskIdentity,pskKey\nx,cli-x,zz\ny,cli-y,00\n");
        var (exit, output, error) = await RunAsync("import", file);
        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("line 2: ", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was added", error, StringComparison.Ordinal);
        Assert.Contains("1 credential added", await DoneAsync("import", FileOf("good.csv", "endpoint,pskIdentity,pskKey\ny,cli-y,00\n")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weak_key_is_taken_and_warned_of()
    {
        Assert.Contains("Warning: The key is text", await DoneAsync("add", "--endpoint", "cli-weak", "--psk-key", Convert.ToHexString("correct horse battery"u8)), StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", await DoneAsync("add", "--endpoint", "cli-strong"), StringComparison.Ordinal);
        Assert.Contains("Warning: The key has 1 byte", await DoneAsync("rotate", "cli-weak", "--psk-key", "00"), StringComparison.Ordinal);
        var told = await DoneAsync("import", FileOf("weak.csv", "endpoint,pskIdentity,pskKey\nx,cli-weak-x,00\n"), "--dry-run");
        Assert.Contains("line 2: warning: The key has 1 byte", told, StringComparison.Ordinal);
        Assert.Contains("1 credential can be added", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("add")]
    [InlineData("add", "--endpoint", "a", "--psk-key", "zz")]
    [InlineData("add", "--endpoint", "a", "--generate", "--psk-key", "00")]
    [InlineData("add", "--endpoint", "a", "--psk-key", "@/nowhere/key")]
    [InlineData("add", "--ca", "/nowhere/ca.pem")]
    [InlineData("add", "--endpoint", "a", "--public-key", "/nowhere/a.pub")]
    [InlineData("import", "/nowhere/meters.csv")]
    [InlineData("rotate")]
    [InlineData("list", "--kind", "key")]
    public async Task Wrong_command_line_ends_with_2_and_words(params string[] arguments)
    {
        var (exit, _, error) = await RunAsync(arguments);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.StartsWith("starling: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody-of-this-name")]
    [InlineData("d1.2")]
    [InlineData("an-id-that-is-no")]
    public async Task Credential_that_is_not_there_ends_with_1_and_says_so(string name)
    {
        var (exit, _, error) = await RunAsync("remove", name);
        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("no credential", error, StringComparison.Ordinal);
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var (exit, output, error) = await RunAsync(arguments);
        Assert.True(exit == ExitCode.Done, $"{string.Join(' ', arguments)}: {error}");
        return output;
    }

    private Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) =>
        CommandRun.RunAsync(["credentials", .. arguments, "--url", platform.Url.ToString()]);

    private string FileOf(string name, string text)
    {
        var file = Path.Combine(_folder.Path, Path.GetFileName(name));
        File.WriteAllText(file, text);
        return file;
    }
}
