using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Starling.Transports;

namespace Starling.Survival.Tests;

/// <summary>Starts, loads, kills, starts again and compares.</summary>
internal sealed class SurvivalRun : IAsyncDisposable
{
    private const int Devices = 40;
    private const int Looks = 100;
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("starling-survival-").FullName;
    private readonly UdpThreads _threads = new(new UdpSettings());
    private readonly Random _random;
    private readonly Device[] _devices;
    private readonly int _coap;
    private readonly int _http;

    private SurvivalRun(int seed)
    {
        _random = new Random(seed);
        _devices = [.. Enumerable.Range(0, Devices).Select(i => new Device($"device-{i}", _random.Next(), _threads))];
        (_coap, _http) = (FreePort(SocketType.Dgram, ProtocolType.Udp), FreePort(SocketType.Stream, ProtocolType.Tcp));
    }

    public Score Score { get; private set; } = new(0, 0, 0, 0, 0, 0, 0, TimeSpan.Zero, []);

    public static async Task<SurvivalRun> StartAsync(int seed)
    {
        var run = new SurvivalRun(seed);
        foreach (var device in run._devices)
        {
            await device.StartAsync(new Uri($"coap://127.0.0.1:{run._coap}"), default);
        }
        return run;
    }

    /// <summary>Kills so often, and looks after the last time too.</summary>
    public async Task KillAsync(int kills)
    {
        for (var kill = 0; kill <= kills && Score.Lost.IsEmpty; kill++)
        {
            if (_random.Next(5) == 0)
            {
                await KillEarlyAsync();
            }
            using var patience = new CancellationTokenSource(_patience);
            var began = TimeProvider.System.GetTimestamp();
            using var victim = Victim.Start(_folder, _coap, _http);
            await victim.WhenUpAsync(patience.Token);
            var took = TimeProvider.System.GetElapsedTime(began);
            using var api = new ServerApi(new Uri($"http://127.0.0.1:{_http}"));
            await CompareAsync(api, patience.Token);
            if (kill < kills)
            {
                await LoadAsync(victim, api);
                Score = Score with { Kills = Score.Kills + 1, SlowestStart = took > Score.SlowestStart ? took : Score.SlowestStart };
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices)
        {
            await device.DisposeAsync();
        }
        await _threads.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task LoadAsync(Victim victim, ServerApi api)
    {
        using var stop = new CancellationTokenSource();
        var before = _devices.Sum(d => d.Answers);
        var running = _devices.Select(d => d.RunAsync(api, stop.Token)).ToArray();
        await Task.WhenAny(Task.WhenAll(running), Task.Delay(TimeSpan.FromMilliseconds(100 + _random.Next(800)), TimeProvider.System));
        await victim.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(running);
        Score = Score with
        {
            Acknowledged = Score.Acknowledged + _devices.Sum(d => d.Answers) - before,
            InFlight = Score.InFlight + _devices.Count(d => d.Attempted is not null),
        };
    }

    private async Task KillEarlyAsync()
    {
        using var victim = Victim.Start(_folder, _coap, _http);
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(800)), TimeProvider.System);
        await victim.KillAsync();
        Score = Score with { EarlyKills = Score.EarlyKills + 1 };
    }

    private async Task CompareAsync(ServerApi api, CancellationToken cancel)
    {
        foreach (var device in _devices)
        {
            var word = await api.FindAsync(device.Name, cancel);
            await LookAtSentAsync(api, device, word, cancel);
            var told = device.Acknowledged.Differs(word);
            var attempted = told is null ? null : device.Attempted?.Differs(word);
            var isTaken = told is not null && device.Attempted is not null && attempted is null;
            if (told is not null && !isTaken)
            {
                Score = Score with { Lost = Score.Lost.Add($"{device.Name} {told}; with what was in flight: {attempted ?? "nothing was"}") };
            }
            device.Believe((isTaken ? device.Attempted! : device.Acknowledged).Confirmed(word));
            var (lost, compared) = await device.Caller.CompareAsync(api, cancel);
            Score = Score with
            {
                Operations = Score.Operations + compared,
                Lost = Score.Lost.AddRange(lost).AddRange(device.Repeated.Select(e => $"{device.Name} was told twice to execute {e}")),
            };
            Score = Score with { Compared = Score.Compared + 1, Taken = Score.Taken + (isTaken ? 1 : 0) };
        }
    }

    // Last values come back behind the first answers.
    private static async Task LookAtSentAsync(ServerApi api, Device device, JsonObject? word, CancellationToken cancel)
    {
        for (var look = 0; word is not null && device.Acknowledged.Sent is not null && look < Looks; look++)
        {
            var sent = await api.SentAsync(device.Name, cancel);
            word["sent"] = sent;
            if (sent == device.Acknowledged.Sent || sent == device.Attempted?.Sent)
            {
                return;
            }
            await Task.Delay(_betweenLooks, TimeProvider.System, cancel);
        }
    }

    // Below the ports that systems give away by themselves, so that nobody gets it between two processes.
    private int FreePort(SocketType type, ProtocolType protocol)
    {
        while (true)
        {
            var port = 10_000 + _random.Next(20_000);
            using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
