using System.Globalization;
using System.Text;
using Starling.Coap;

namespace Starling.Interop.Tests;

/// <summary>npm's coap in both roles.</summary>
[Trait("Category", "Interop")]
public sealed class NpmCoapTests
{
    [PeerFact(Peers.NpmCoap)]
    public async Task Its_client_gets_and_puts_in_blocks()
    {
        await using var endpoint = await RunningEndpoint.StartAsync();
        Assert.Equal("2.05 Hello", await AskAsync("GET", endpoint.Url("hello")));
        // Its client knows no Echo: it gets a large body without proving its address only if it asks for small blocks from the start.
        Assert.Equal($"2.05 {Resources.LargeLength}", await AskAsync("GET", endpoint.Url("large"), "-16"));
        Assert.Equal("2.04 3000", await AskAsync("PUT", endpoint.Url("length"), "3000"));
        Assert.Equal("4.04", (await AskAsync("GET", endpoint.Url("nothing"))).Trim());
    }

    [PeerFact(Peers.NpmCoap)]
    public async Task Its_client_observes()
    {
        await using var endpoint = await RunningEndpoint.StartAsync();
        await using var client = ForeignProgram.StartScript("coap-client.js", "OBSERVE", endpoint.Url("count"));
        await client.WaitForAsync("2.05 0");
        await endpoint.Resources.CountOnAsync();
        await client.WaitForAsync("2.05 1");
        await endpoint.Resources.CountOnAsync();
        await client.WaitForAsync("2.05 2");
    }

    [PeerFact(Peers.NpmCoap)]
    public async Task Its_server_answers_in_blocks()
    {
        var (program, port) = await StartAsync();
        await using var server = program;
        await using var endpoint = await RunningEndpoint.StartAsync();
        Assert.Equal("Hello", Text(await endpoint.RequestAsync(port, CoapCode.Get, "hello")));
        Assert.Equal(5000, (await endpoint.RequestAsync(port, CoapCode.Get, "large")).Payload.Length);
        // Its server puts blocks together by their token.
        Assert.Equal("3000", Text(await endpoint.RequestAsync(port, CoapCode.Put, "length", new string('z', 3000))));
        Assert.Equal(CoapCode.NotFound, (await endpoint.RequestAsync(port, CoapCode.Get, "nothing")).Code);
    }

    private static async Task<string> AskAsync(params string[] arguments)
    {
        await using var client = ForeignProgram.StartScript("coap-client.js", arguments);
        return (await client.EndAsync()).Output;
    }

    private static async Task<(ForeignProgram Program, int Port)> StartAsync()
    {
        var port = Ports.Free();
        var program = ForeignProgram.StartScript("coap-server.js", port.ToString(CultureInfo.InvariantCulture));
        await program.WaitForAsync("listening");
        return (program, port);
    }

    private static string Text(CoapMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
