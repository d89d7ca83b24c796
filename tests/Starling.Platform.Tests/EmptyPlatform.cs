using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Starling.Hosting;

namespace Starling.Platform.Tests;

/// <summary>The real program without devices.</summary>
internal sealed class EmptyPlatform(WebApplication app) : IAsyncDisposable
{
    public Uri Url => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    public string Coap => DemoDevices.UriOf(app.Services.GetRequiredService<ServerService>().UdpAddress!).ToString().TrimEnd('/');

    public IServiceProvider Services => app.Services;

    public static async Task<EmptyPlatform> StartAsync(PlatformSettings settings)
    {
        var app = PlatformHost.Create(settings);
        await app.StartAsync();
        return new EmptyPlatform(app);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
