using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Starling.Crypto;

namespace Starling.Platform.Tests;

public sealed class PkiCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("starling-pki-").FullName;

    [Fact]
    public async Task Certificates_of_a_new_pki_are_what_both_sides_accept()
    {
        await DoneAsync("pki", "init", In("pki"), "--host", "lwm2m.example.org", "--host", "192.0.2.1");
        await DoneAsync("pki", "device", "my-device", "--dir", In("pki"));
        Assert.True(TrustAnchors.TryRead([Der("pki/ca.pem")], out var anchors));
        using var server = Chain("pki/server.pem");
        Assert.Null(CertificatePath.Check(server, anchors, CertificatePurpose.Server, TimeProvider.System.GetUtcNow()).Problem);
        Assert.NotNull(CertificatePath.Check(server, anchors, CertificatePurpose.Client, TimeProvider.System.GetUtcNow()).Problem);
        Assert.True(server.NamesHost("lwm2m.example.org") && server.NamesHost("192.0.2.1") && !server.NamesHost("localhost"));
        using var device = Chain("pki/devices/my-device.pem");
        Assert.Null(CertificatePath.Check(device, anchors, CertificatePurpose.Client, TimeProvider.System.GetUtcNow()).Problem);
        Assert.Equal("my-device", device.CommonName);
        Assert.True(OwnKey.TryReadPem(Text("pki/devices/my-device.key"), out var key));
        Assert.Equal(device.PublicKey.Fingerprint, key.Public.Fingerprint);
    }

    [Fact]
    public async Task Raw_public_key_is_a_pair()
    {
        var output = await DoneAsync("pki", "rpk", "my-device", "--dir", _folder);
        Assert.True(OwnKey.TryReadPem(Text("my-device.key"), out var key));
        Assert.True(RawPublicKey.TryReadPem(Text("my-device.pub"), out var half));
        Assert.Equal(half.Fingerprint, key.Public.Fingerprint);
        Assert.Contains(half.Fingerprint, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_read_by_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            return;   // files have no such mode there
        }
        await DoneAsync("pki", "init", In("pki"));
        await DoneAsync("pki", "device", "my-device", "--dir", In("pki"));
        await DoneAsync("pki", "rpk", "my-device", "--dir", _folder);
        string[] keys = [.. Directory.EnumerateFiles(_folder, "*.key", SearchOption.AllDirectories)];
        Assert.Equal(4, keys.Length);
        foreach (var key in keys)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }
    }

    [Fact]
    public async Task Nothing_is_overwritten()
    {
        await DoneAsync("pki", "init", In("pki"));
        await DoneAsync("pki", "device", "my-device", "--dir", In("pki"));
        await DoneAsync("pki", "rpk", "my-device", "--dir", _folder);
        var before = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        foreach (var again in (string[][])[["pki", "init", In("pki")], ["pki", "device", "my-device", "--dir", In("pki")], ["pki", "rpk", "my-device", "--dir", _folder]])
        {
            var (exit, _, error) = await CommandRun.RunAsync(again);
            Assert.Equal(ExitCode.Usage, exit);
            Assert.Contains("is there already", error, StringComparison.Ordinal);
        }
        Assert.Equal(before, Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText));
    }

    [Fact]
    public async Task Half_of_a_pair_stays_as_it_is_and_gets_no_other_half()
    {
        await File.WriteAllTextAsync(In("my-device.key"), "mine");
        var (exit, _, _) = await CommandRun.RunAsync("pki", "rpk", "my-device", "--dir", _folder);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Equal("mine", Text("my-device.key"));
        Assert.False(File.Exists(In("my-device.pub")));
    }

    [Theory]
    [InlineData("urn:dev:os:32473-1", "urn-dev-os-32473-1.pem")]
    [InlineData("../../escape", "_..2f..2fescape.pem")]
    [InlineData(".hidden", "_.hidden.pem")]
    public async Task Endpoint_name_makes_a_file_in_the_folder_and_stands_in_the_certificate(string endpoint, string file)
    {
        await DoneAsync("pki", "init", In("pki"));
        await DoneAsync("pki", "device", endpoint, "--dir", In("pki"));
        Assert.Equal(file, Path.GetFileName(Assert.Single(Directory.EnumerateFiles(In("pki/devices"), "*.pem"))));
        using var chain = Chain($"pki/devices/{file}");
        Assert.Equal(endpoint, chain.CommonName);
    }

    [Fact]
    public async Task Authority_whose_key_is_another_ones_signs_nothing()
    {
        await DoneAsync("pki", "init", In("pki"));
        File.Copy(In("pki/server.key"), In("pki/ca.key"), overwrite: true);
        var (exit, _, error) = await CommandRun.RunAsync("pki", "device", "my-device", "--dir", In("pki"));
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("are no authority", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_names_the_files_and_the_fingerprint()
    {
        var answer = JsonNode.Parse(await DoneAsync("pki", "rpk", "k", "--dir", _folder, "--json"))!;
        Assert.Equal([In("k.pub"), In("k.key")], answer["files"]!.AsArray().Select(f => f!.GetValue<string>()));
        Assert.Equal(64, answer["fingerprint"]!.GetValue<string>().Length);
    }

    [Theory]
    [InlineData("init")]
    [InlineData("device")]
    [InlineData("rpk")]
    public async Task Examples_of_the_help_do_what_they_show(string verb)
    {
        await DoneAsync("pki", "init", In("pki"));
        var (_, help, _) = await CommandRun.RunAsync("pki", verb, "--help");
        var examples = help.Split('\n').Where(l => l.StartsWith("  starling ", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(examples);
        foreach (var (example, number) in examples.Select((e, i) => (e, i)))
        {
            string[] words = [.. example.Trim().Split(' ').Skip(1)];
            // In a folder of the test's instead of the current one.
            words = verb == "init" ? [.. words[..2], In($"pki{number}"), .. words[3..]]
                : [.. words.Where((w, i) => w != "--dir" && (i == 0 || words[i - 1] != "--dir")), "--dir", In(verb == "rpk" ? "keys" : "pki")];
            var (exit, _, error) = await CommandRun.RunAsync(words);
            Assert.True(exit == ExitCode.Done, $"{example}: {error}");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> DoneAsync(params string[] arguments)
    {
        var (exit, output, error) = await CommandRun.RunAsync(arguments);
        Assert.Equal((ExitCode.Done, ""), (exit, error));
        return output;
    }

    private string In(string name) => Path.Combine(_folder, name);

    private string Text(string name) => File.ReadAllText(In(name));

    private ReadOnlyMemory<byte> Der(string name)
    {
        using var certificate = X509Certificate2.CreateFromPem(Text(name));
        return certificate.RawData;
    }

    private CertificateChain Chain(string name)
    {
        ImmutableArray<ReadOnlyMemory<byte>> der = [Der(name)];
        Assert.True(CertificateChain.TryRead(der, out var chain, out var problem), problem.Why);
        return chain;
    }
}
