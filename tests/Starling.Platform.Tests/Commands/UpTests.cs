using System.Net;
using System.Net.Sockets;

namespace Starling.Platform.Tests;

public sealed class UpTests
{
    [Fact]
    public async Task Up_says_where_it_is_and_a_device_and_verbs_find_it_there_until_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        using var output = new LineWriter();
        var up = CommandLine.RunAsync(["up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", "none"], output, TextWriter.Null, stop.Token);
        var url = Last(await output.WaitForAsync("Look"));
        var coap = (await output.WaitForAsync("LwM2M")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        using var said = new LineWriter();
        using var leave = new CancellationTokenSource();
        var device = CommandLine.RunAsync(["device", "--server", coap, "--endpoint", "own device", "--lwm2m", "1.1"], said, TextWriter.Null, leave.Token);
        await said.WaitForAsync("registered at rd/");
        var (exit, value, _) = await CommandRun.RunAsync("read", "own device", "/3/0/2", "--url", url);
        Assert.Equal((ExitCode.Done, "own device"), (exit, value.Trim()));
        await leave.CancelAsync();
        Assert.Equal(ExitCode.Done, await device);
        (_, value, _) = await CommandRun.RunAsync("devices", "--url", url);
        Assert.DoesNotContain("own device", value, StringComparison.Ordinal);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await up);
        Assert.Equal(ExitCode.Unreachable, (await CommandRun.RunAsync("devices", "--url", url)).Exit);
    }

    [Fact]
    public async Task Names_that_devices_may_take_are_told_by_options()
    {
        using var stop = new CancellationTokenSource();
        using var output = new LineWriter();
        var up = CommandLine.RunAsync(
            ["up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", "none", "--admit", "meter-{identity}", "--unsecured", "refuse"], output, TextWriter.Null, stop.Token);
        var url = Last(await output.WaitForAsync("Look"));
        var coap = (await output.WaitForAsync("LwM2M")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var coaps = (await output.WaitForAsync("coaps://")).Split(' ', StringSplitOptions.RemoveEmptyEntries).First(w => w.StartsWith("coaps://", StringComparison.Ordinal));
        const string Key = "000102030405060708090a0b0c0d0e0f";
        Assert.Equal(ExitCode.Done, (await CommandRun.RunAsync("credentials", "add", "--psk-identity", "7", "--psk-key", Key, "--url", url)).Exit);
        using var said = new LineWriter();
        using var leave = new CancellationTokenSource();
        var plain = CommandLine.RunAsync(["device", "--server", coap, "--endpoint", "meter-8"], said, said, leave.Token);
        await said.WaitForAsync("4.03");
        var device = CommandLine.RunAsync(
            ["device", "--server", coaps, "--endpoint", "meter-7", "--psk-identity", "7", "--psk-key", Key], said, TextWriter.Null, leave.Token);
        await said.WaitForAsync("meter-7: registered at rd/");
        await leave.CancelAsync();
        await Task.WhenAll(plain, device);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await up);
    }

    [Fact]
    public async Task Where_devices_without_security_are_refused_nobody_is_sent_to_plain_coap()
    {
        using var stop = new CancellationTokenSource();
        using var output = new LineWriter();
        var up = CommandLine.RunAsync(
            ["up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", "none", "--unsecured", "refuse"], output, TextWriter.Null, stop.Token);
        Assert.Contains("4.03", await output.WaitForAsync("LwM2M"), StringComparison.Ordinal);
        Assert.Contains("--url http://127.0.0.1:", await output.WaitForAsync("credentials add --endpoint my-device"), StringComparison.Ordinal);
        Assert.Contains("--server coaps://", await output.WaitForAsync("device --server"), StringComparison.Ordinal);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Done, await up);
    }

    [Fact]
    public async Task Server_that_nobody_can_register_with_is_not_started()
    {
        var (exit, _, error) = await CommandRun.RunAsync("up", "--data", "none", "--coaps", "none", "--unsecured", "refuse");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("no device can register", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--admit", "{nobody}")]
    [InlineData("--unsecured", "sometimes")]
    public async Task What_nobody_can_be_admitted_by_is_refused(string option, string value)
    {
        var (exit, _, error) = await CommandRun.RunAsync("up", "--data", "none", option, value);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains(value, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulated_devices_register_all()
    {
        using var stop = new CancellationTokenSource();
        using var output = new LineWriter();
        var up = CommandLine.RunAsync(["up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", "none"], output, TextWriter.Null, stop.Token);
        var url = Last(await output.WaitForAsync("Look"));
        var coap = (await output.WaitForAsync("LwM2M")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        using var said = new LineWriter();
        var fleet = CommandLine.RunAsync(["simulate", "--count", "50", "--name", "s", "--server", coap], said, TextWriter.Null, stop.Token);
        await said.WaitForAsync("All 50 devices are registered");
        Assert.Equal(ExitCode.Done, (await CommandRun.RunAsync("read", "s-50", "/3/0/0", "--url", url)).Exit);
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(up, fleet), exit => Assert.Equal(ExitCode.Done, exit));
    }

    [Fact]
    public async Task Device_takes_a_definition_file_and_registers_its_object()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".xml");
        await File.WriteAllTextAsync(file, DefinitionText);
        try
        {
            using var stop = new CancellationTokenSource();
            using var output = new LineWriter();
            var up = CommandLine.RunAsync(["up", "--coap", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", "none"], output, TextWriter.Null, stop.Token);
            var url = Last(await output.WaitForAsync("Look"));
            var coap = (await output.WaitForAsync("LwM2M")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            using var said = new LineWriter();
            var device = CommandLine.RunAsync(["device", "--server", coap, "--endpoint", "own", "--object", file], said, TextWriter.Null, stop.Token);
            await said.WaitForAsync("registered at rd/");
            var (exit, value, error) = await CommandRun.RunAsync("read", "own", "/42770/0", "--url", url, "--json");
            Assert.Equal((ExitCode.Done, ""), (exit, error));
            Assert.Contains("/42770/0/1", value, StringComparison.Ordinal);
            await stop.CancelAsync();
            await Task.WhenAll(up, device);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--coap")]
    [InlineData("--coaps")]
    [InlineData("--http")]
    public async Task Port_in_use_is_an_error_that_says_so(string option)
    {
        using var socket = option != "--http"
            ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (option == "--http")
        {
            socket.Listen();
        }
        var taken = socket.LocalEndPoint!.ToString()!;
        var (exit, output, error) = await CommandRun.RunAsync(["up", "--data", "none", .. new[] { "--coap", "--coaps", "--http" }.SelectMany(o => new[] { o, o == option ? taken : "127.0.0.1:0" })]);
        Assert.Equal((ExitCode.Unreachable, ""), (exit, output));
        Assert.Contains(taken.Split(':')[1], error, StringComparison.Ordinal);
        Assert.Contains("in use", error, StringComparison.Ordinal);
    }

    private const string DefinitionText = """
        <?xml version="1.0" encoding="UTF-8"?>
        <LWM2M><Object ObjectType="MODefinition"><Name>Own</Name><Description1>Own.</Description1><ObjectID>42770</ObjectID>
        <ObjectURN>urn:oma:lwm2m:x:42770</ObjectURN><LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>1.0</ObjectVersion>
        <MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory><Resources>
        <Item ID="1"><Name>Level</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory>
        <Type>Integer</Type><RangeEnumeration>5..10</RangeEnumeration><Units></Units><Description>Own.</Description></Item>
        </Resources><Description2></Description2></Object></LWM2M>
        """;

    private static string Last(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
}
