using System.Text;
using Starling.Coap;
using Starling.Testing;

namespace Starling.Server.Tests;

public sealed class OfferedFilesTests : IDisposable
{
    private const string Plain = "10.0.9.9:1";
    private static readonly DateTime _yesterday = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);
    private readonly string _folder = Directory.CreateTempSubdirectory("starling-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task File_is_fetched_whole_with_its_type_its_size_and_its_tag()
    {
        var image = Add("image.bin", 5000);
        await using var rig = await RigAsync();
        var device = await rig.DeviceAsync("dev-1", "10.0.1.1:5683");
        var answer = await rig.Network.UntilAsync(device.SendAsync(Get("files/image.bin")));
        Assert.Equal((CoapCode.Content, ContentFormat.OctetStream), (answer.Code, answer.Options.ContentFormat));
        Assert.Equal(image, answer.Payload.ToArray());
        var first = await AskAsync(rig, device, 0);
        Assert.Equal(5000u, first.Options.GetUInt(OptionNumber.Size2));
        Assert.True(first.Options.TryGet(OptionNumber.ETag, out var tag) && tag.Length == 8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task File_arrives_over_a_rough_link(int seed)
    {
        var image = Add("image.bin", 10_000);
        await using var rig = await RigAsync(seed: seed, conditions: SimConditions.Rough);
        var device = await rig.DeviceAsync("dev-1", "10.0.1.1:5683");
        var answer = await rig.Network.UntilAsync(device.SendAsync(Get("files/image.bin")), TimeSpan.FromHours(1));
        Assert.Equal(image, answer.Payload.ToArray());
    }

    [Fact]
    public async Task Transfer_may_begin_at_any_block_and_of_any_size()
    {
        var image = Add("image.bin", 5000);
        await using var rig = await RigAsync();
        var device = await rig.DeviceAsync("dev-1", "10.0.1.1:5683");
        foreach (var (number, exponent) in new[] { (3, 5), (312, 0), (9, 5), (0, 2), (19, 4) })
        {
            var answer = await AskAsync(rig, device, number, exponent);
            var (from, size) = (number * (16 << exponent), 16 << exponent);
            Assert.Equal(new BlockOption(number, from + size < image.Length, exponent), answer.Options.Block2);
            Assert.Equal(image.AsSpan(from, Math.Min(size, image.Length - from)), answer.Payload.Span);
        }
        Assert.Equal(CoapCode.BadOption, (await AskAsync(rig, device, 10)).Code);
    }

    [Fact]
    public async Task Tag_is_the_same_after_a_restart_and_another_one_after_a_change()
    {
        Add("image.bin", 5000);
        var before = await TagAsync();
        Assert.Equal(before, await TagAsync());
        File.SetLastWriteTimeUtc(Path.Combine(_folder, "image.bin"), _yesterday.AddMilliseconds(1));
        Assert.NotEqual(before, await TagAsync());
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(4000)]
    public async Task File_that_is_replaced_while_it_is_fetched_is_not_mixed(int length)
    {
        Add("image.bin", 5000);
        var files = new OfferedFiles(_folder);
        await using var rig = await RigAsync(files);
        var device = await rig.DeviceAsync("dev-1", "10.0.1.1:5683");
        var first = await AskAsync(rig, device, 0);
        Assert.Equal(CoapCode.Content, (await AskAsync(rig, device, 1)).Code);
        var other = Add("image.bin", length, _yesterday.AddSeconds(1));
        Assert.Equal(CoapCode.ServiceUnavailable, (await AskAsync(rig, device, 2)).Code);
        Assert.Equal(1, files.Counters.Losses);
        var next = await AskAsync(rig, device, 2);
        Assert.Equal(other.AsSpan(1024, 512), next.Payload.Span);
        Assert.NotEqual(Tag(first), Tag(next));
        File.Delete(Path.Combine(_folder, "image.bin"));
        Assert.Equal(CoapCode.ServiceUnavailable, (await AskAsync(rig, device, 3)).Code);
        Assert.Equal(CoapCode.NotFound, (await AskAsync(rig, device, 3)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../secret")]
    [InlineData("..\\secret")]
    [InlineData("/etc/passwd")]
    [InlineData("inner/deep.bin")]
    [InlineData("inner")]
    [InlineData("IMAGE.BIN")]
    [InlineData("image.bin\0")]
    [InlineData("*")]
    [InlineData("image.bi?")]
    [InlineData(".hidden")]
    [InlineData("link")]
    [InlineData("way")]
    [InlineData("image.bin ")]
    public async Task Only_the_names_that_are_shown_are_answered_for(string name)
    {
        Add("image.bin", 10);
        Add(".hidden", 10);
        Directory.CreateDirectory(Path.Combine(_folder, "inner"));
        Add("inner/deep.bin", 10);
        var outside = _folder + ".secret";
        await File.WriteAllTextAsync(outside, "secret", Encoding.UTF8);
        try
        {
            File.CreateSymbolicLink(Path.Combine(_folder, "link"), outside);
            Directory.CreateSymbolicLink(Path.Combine(_folder, "way"), Path.GetTempPath());
            var files = new OfferedFiles(_folder);
            await using var rig = await RigAsync(files);
            Assert.Equal(["image.bin"], files.List().Select(f => f.Name));
            Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Get("files", name))).Code);
            Assert.Equal(CoapCode.Content, (await rig.AskAsync(Get("files", "image.bin"))).Code);
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Fact]
    public async Task Other_paths_and_segments_beyond_the_name_are_not_found()
    {
        Add("image.bin", 10);
        await using var rig = await RigAsync();
        foreach (var path in new[] { "files", "image.bin", "files/image.bin/more", "Files/image.bin", "file/image.bin" })
        {
            Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Get(path))).Code);
        }
    }

    [Fact]
    public async Task Other_methods_and_other_formats_are_refused()
    {
        Add("image.bin", 10);
        var files = new OfferedFiles(_folder);
        await using var rig = await RigAsync(files);
        Assert.Equal(CoapCode.MethodNotAllowed, (await rig.AskAsync(Requests.Post("files/image.bin"))).Code);
        Assert.Equal(CoapCode.MethodNotAllowed, (await rig.AskAsync(Requests.Delete("files/image.bin"))).Code);
        Assert.Equal(CoapCode.NotAcceptable, (await rig.AskAsync(Accepting(ContentFormat.Text))).Code);
        Assert.Equal(CoapCode.Content, (await rig.AskAsync(Accepting(ContentFormat.OctetStream))).Code);
        Assert.Equal((1, 3), (files.Counters.Fetches, files.Counters.Refusals));
        Assert.True(File.Exists(Path.Combine(_folder, "image.bin")));
    }

    [Fact]
    public async Task File_above_the_limit_is_listed_as_such_and_not_answered_for()
    {
        Add("fits", 100);
        Add("large", 101);
        var files = new OfferedFiles(_folder) { MaxLength = 100 };
        await using var rig = await RigAsync(files);
        Assert.Equal([new OfferedFile("fits", 100, _yesterday, false), new OfferedFile("large", 101, _yesterday, true)], files.List());
        Assert.Equal(CoapCode.Content, (await rig.AskAsync(Get("files/fits"))).Code);
        Assert.Equal(CoapCode.NotFound, (await rig.AskAsync(Get("files/large"))).Code);
    }

    [Fact]
    public async Task Empty_file_is_an_empty_answer_and_a_folder_that_is_missing_has_none()
    {
        Add("empty", 0);
        await using var rig = await RigAsync();
        var device = await rig.DeviceAsync("dev-1", "10.0.1.1:5683");
        var answer = await rig.Network.UntilAsync(device.SendAsync(Get("files/empty")));
        Assert.Equal((CoapCode.Content, 0), (answer.Code, answer.Payload.Length));
        var nowhere = new OfferedFiles(Path.Combine(_folder, "nowhere"));
        Assert.Empty(nowhere.List());
        Assert.Equal(CoapCode.NotFound, (await nowhere.HandleAsync(rig.Host.PeerAt(Plain), Get("files/empty"), CancellationToken.None))!.Code);
    }

    [Fact]
    public async Task Who_may_not_speak_without_security_is_given_no_files()
    {
        Add("image.bin", 10);
        var settings = new ServerSettings { Admission = new AdmissionSettings { Unsecured = UnsecuredDevices.Refused } };
        await using var rig = await ServerRig.StartAsync(settings, others: new OfferedFiles(_folder));
        Assert.Equal(CoapCode.Forbidden, (await rig.AskAsync(Get("files/image.bin"))).Code);
        Assert.Equal(CoapCode.Forbidden, (await rig.AskAsync(Get("files/nothing"))).Code);
        var secured = rig.Secured(new PeerIdentity.PreSharedKey("dev-1"));
        Assert.Equal(CoapCode.Content, (await rig.Server.HandleAsync(secured, Get("files/image.bin"), CancellationToken.None))!.Code);
    }

    private byte[] Add(string name, int length, DateTime? changed = null)
    {
        var bytes = new byte[length];
        new Random(length + (changed is null ? 0 : 1)).NextBytes(bytes);
        File.WriteAllBytes(Path.Combine(_folder, name), bytes);
        File.SetLastWriteTimeUtc(Path.Combine(_folder, name), changed ?? _yesterday);
        return bytes;
    }

    private async Task<ServerRig> RigAsync(OfferedFiles? files = null, int seed = 1, SimConditions? conditions = null)
    {
        var rig = await ServerRig.StartAsync(others: files ?? new OfferedFiles(_folder), seed: seed, conditions: conditions);
        rig.Host.AddressesMayBeForged = false;   // or blocks are as small as what an unproven address may be sent
        return rig;
    }

    private async Task<string> TagAsync()
    {
        await using var rig = await RigAsync();
        return Tag(await AskAsync(rig, await rig.DeviceAsync("dev-1", "10.0.1.1:5683"), 0));
    }

    private static string Tag(CoapMessage answer) => answer.Options.TryGet(OptionNumber.ETag, out var tag) ? Convert.ToHexString(tag) : "none";

    // One block, as a device that keeps the blocks itself asks for it.
    private static Task<CoapMessage> AskAsync(ServerRig rig, TestDevice device, int number, int exponent = 5)
    {
        var request = Get("files/image.bin");
        var options = request.Options.With(OptionNumber.Block2, new BlockOption(number, false, exponent).Value);
        return rig.Network.UntilAsync(device.SendBlockAsync(request.With(options, default)));
    }

    private static CoapMessage Get(string path) => Get(path.Split('/'));

    private static CoapMessage Get(params string[] segments)
    {
        var options = new CoapOptionsBuilder();
        foreach (var segment in segments)
        {
            options.Add(OptionNumber.UriPath, segment);
        }
        return new CoapMessage { Code = CoapCode.Get, Options = options.Build() };
    }

    private static CoapMessage Accepting(ContentFormat format)
    {
        var request = Get("files/image.bin");
        return request.With(request.Options.With(OptionNumber.Accept, format.Value), default);
    }
}
