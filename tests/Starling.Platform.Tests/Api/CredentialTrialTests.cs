using Starling.Coap;
using Starling.Lwm2m;
using Starling.Server;
using Starling.Testing;

namespace Starling.Platform.Tests;

/// <summary>A dry run says what a real Register is answered.</summary>
public sealed class CredentialTrialTests
{
    [Fact]
    public async Task Name_of_a_secured_device_that_is_registered_is_refused_without_security()
    {
        var time = new ManualTime();
        using var credentials = new DeviceCredentials(null, null, time);
        await using var server = new Lwm2mServer(new ServerSettings(), ObjectCatalog.Standard, time) { Credentials = credentials };
        var network = new SimNetwork(time);
        await server.StartAsync([new MessageLayer(network.Host("10.0.0.1:5683"), server.Settings.Coap, time)], CancellationToken.None);
        var host = network.Host("10.0.0.2:5683");
        var (secured, other) = (host.PeerAt("10.0.1.1:1"), host.PeerAt("10.0.1.2:1"));
        secured.Proven = new PeerIdentity.PreSharedKey("meter");   // of a channel with credentials of its own
        Assert.Equal(CoapCode.Created, (await server.HandleAsync(secured, Register(), CancellationToken.None))!.Code);

        var trial = new CredentialTrial(server, credentials);
        Assert.True(trial.TryRun(name => name == "endpoint" ? "meter" : null, out var answer, out _));

        Assert.Equal((null, (await server.HandleAsync(other, Register(), CancellationToken.None))!.Code), (answer.Endpoint, answer.Code));
        Assert.Equal(CoapCode.Forbidden, answer.Code);
    }

    private static CoapMessage Register()
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.UriPath, "rd"u8);
        options.Add(OptionNumber.ContentFormat, ContentFormat.LinkFormat.Value);
        foreach (var query in new[] { "ep=meter", "lt=60", "lwm2m=1.1" })
        {
            options.Add(OptionNumber.UriQuery, System.Text.Encoding.UTF8.GetBytes(query));
        }
        return new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = "</1/0>,</3/0>"u8.ToArray() };
    }
}
