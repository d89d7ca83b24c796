using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Starling.Platform.Tests;

public sealed class UpEndTests
{
    [Fact]
    public async Task Service_of_our_own_that_fails_ends_the_program_and_not_well()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<Failing>();
        using var host = builder.Build();
        await host.StartAsync();
        var failure = await Assert.ThrowsAsync<VerbException>(() => UpCommand.WaitForEndAsync(host, RunningPlatform.Patience));
        Assert.NotEqual(ExitCode.Done, failure.ExitCode);
        Assert.Contains("the disk is gone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_that_is_stopped_ends_the_program_well()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<Lasting>();
        using var host = builder.Build();
        await host.StartAsync();
        using var stop = new CancellationTokenSource();
        var end = UpCommand.WaitForEndAsync(host, stop.Token);
        await stop.CancelAsync();
        await end.WaitAsync(RunningPlatform.Patience);
    }

    private sealed class Failing : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.FromException(new IOException("the disk is gone"));
    }

    private sealed class Lasting : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => new TaskCompletionSource().Task.WaitAsync(stoppingToken);
    }
}
