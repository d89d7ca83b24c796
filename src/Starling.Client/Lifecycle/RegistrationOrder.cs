namespace Starling.Client;

/// <summary>In which order servers are registered with (LwM2M Core 1.2 §6.2.1.1).</summary>
internal static class RegistrationOrder
{
    /// <summary>
    /// Runs all: those with a place in the order (/1/x/13) one after the other, each when the one before is registered or has failed without
    /// blocking; all others at once.
    /// </summary>
    public static IEnumerable<Task> Run(IReadOnlyList<RegistrationLoop> servers, CancellationToken cancel)
    {
        var before = Task.CompletedTask;
        var runs = new List<Task>(servers.Count);
        foreach (var server in servers.OrderBy(s => s.Server.RegistrationOrder ?? long.MaxValue))
        {
            var isOrdered = server.Server.RegistrationOrder is not null;
            runs.Add(server.RunAsync(isOrdered ? before : Task.CompletedTask, cancel));
            before = isOrdered ? server.Settled : before;
        }
        return runs;
    }
}
