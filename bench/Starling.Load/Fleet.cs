using System.Globalization;
using System.Net;
using Starling.Dtls;

namespace Starling.Load;

/// <summary>
/// Many devices with connection ids that register with a server over DTLS, and answer its first observation where one is expected. Each has an address of
/// its own on loopback and a socket for as long as it speaks: what stays is at the server, and is what is measured there.
/// </summary>
internal sealed class Fleet(LoadOptions options)
{
    private readonly IPEndPoint _server = IPEndPoint.Parse(options.Text("target", "127.0.0.1:5684"));
    private readonly byte[] _key = Convert.FromHexString(options.Text("psk", ""));
    private readonly bool _isObserved = options.Flag("observed");

    // We need no connection id of our own, and use the server's (RFC 9146 §3).
    private readonly DtlsSettings _settings = new() { Suites = [CipherSuite.PskAes128Ccm8], ConnectionIdLength = 0 };
    private long _lived;
    private long _failed;

    public static async Task<int> RunAsync(LoadOptions options, CancellationToken cancel)
    {
        var first = options.Number("first", 0);
        var count = options.Number("n", 1000);
        var fleet = new Fleet(options);
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        await Parallel.ForAsync(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = options.Number("window", 64), CancellationToken = cancel }, fleet.LiveAsync);
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"tag\":\"fleet\",\"phase\":\"live\",\"n\":{count},\"secs\":{seconds:0.000},\"ok\":{fleet._lived},\"fail\":{fleet._failed},\"rate\":{fleet._lived / seconds:0}}}"));
        return fleet._failed == 0 ? 0 : 1;
    }

    private async ValueTask LiveAsync(int number, CancellationToken cancel)
    {
        using var device = new FleetDevice(number, _server);
        var hasLived = await device.LiveAsync(_settings, _key, _isObserved, cancel);
        Interlocked.Increment(ref hasLived ? ref _lived : ref _failed);
    }
}
