using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Starling.Platform.Tests;

/// <summary>An HTTP server that is not the program's.</summary>
internal sealed class StrangeServer(WebApplication app) : IAsyncDisposable
{
    public string Url => app.Urls.First();

    public static async Task<StrangeServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new StrangeServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
