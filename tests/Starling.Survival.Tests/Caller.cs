using System.Text.Json.Nodes;

namespace Starling.Survival.Tests;

/// <summary>Queues operations for one device without waiting for it, looks them up, and asks for their results.</summary>
internal sealed class Caller(string device, Random random)
{
    private const int Open = 4, Remembered = 3;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(1);
    private readonly HashSet<string> _known = [];
    private readonly List<Ticket> _tickets = [];
    private readonly List<Task> _asking = [];
    private int _number;

    /// <summary>What it knows of: all that have no result that it was told, and the last of those that have.</summary>
    public IReadOnlyList<Ticket> Tickets => _tickets;

    /// <summary>Queues one more until there are some, then waits for the result of one.</summary>
    public Task StepAsync(ServerApi api, CancellationToken stop) =>
        _tickets.Count(t => !t.HasResult) < Open ? QueueAsync(api, stop) : LandAsync(api, stop);

    /// <summary>The process is dead, and every request to it.</summary>
    public async Task HangUpAsync()
    {
        await Task.WhenAll(_asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _asking.Clear();
    }

    /// <summary>What differs from what it was told. Counts what it compared.</summary>
    public async Task<(List<string> Lost, int Compared)> CompareAsync(ServerApi api, CancellationToken cancel)
    {
        var lost = new List<string>();
        var words = await Task.WhenAll(_tickets.Select(t => api.OperationAsync(t.Id, 0, cancel)));
        var compared = _tickets.Count;
        foreach (var (ticket, word) in _tickets.Zip(words))
        {
            if (ticket.Differs(word) is { } difference)
            {
                lost.Add($"{device}: operation {ticket.Id} {difference}");
            }
            else
            {
                ticket.Believe(word!);
            }
        }
        // What was in flight may be there: nobody was told of it before.
        _known.UnionWith((await api.OperationsAsync(device, cancel)).Select(o => (string)o["id"]!));
        ForgetOld();
        return (lost, compared);
    }

    private async Task QueueAsync(ServerApi api, CancellationToken stop)
    {
        _asking.RemoveAll(t => t.IsCompletedSuccessfully);
        var asking = random.Next(3) switch
        {
            0 => api.QueueReadAsync(device, "3/0/9", stop),
            1 => api.QueueWriteAsync(device, "3/0/14", $"+{random.Next(10):00}:00", stop),
            _ => api.QueueExecuteAsync(device, "3/0/4", $"0='{++_number}'", stop),
        };
        _asking.Add(asking);
        while (true)
        {
            var listed = await api.OperationsAsync(device, stop);
            if (listed.LastOrDefault(o => _known.Add((string)o["id"]!)) is { } queued)
            {
                _tickets.Add(new Ticket(queued));
                return;
            }
            await (asking.IsFaulted ? asking : Task.Delay(_pause, TimeProvider.System, stop));
        }
    }

    private async Task LandAsync(ServerApi api, CancellationToken stop)
    {
        var ticket = _tickets.First(t => !t.HasResult);
        var word = await api.OperationAsync(ticket.Id, 60, stop);
        if (ticket.Differs(word) is { } difference)
        {
            throw new InvalidOperationException($"{device}: operation {ticket.Id} {difference}");
        }
        ticket.Believe(word!);
        ForgetOld();
    }

    private void ForgetOld()
    {
        var old = _tickets.Where(t => t.HasResult).SkipLast(Remembered).ToArray();
        _tickets.RemoveAll(old.Contains);
    }
}
