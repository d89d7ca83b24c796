using System.CommandLine;
using System.Globalization;

namespace Starling.Platform;

/// <summary>Whether an operation may wait for its device: <c>--queue --ttl 3600 --wait 30</c>.</summary>
internal sealed class QueueArguments
{
    private readonly Option<bool> _queue = new("--queue") { Description = "Lets it wait in the queue if the device does not listen; devices in queue mode do without it." };
    private readonly Option<int?> _ttl = new("--ttl") { Description = "How long it may wait in the queue: a day unless given.", HelpName = "SECONDS" };
    private readonly Option<int?> _wait = new("--wait") { Description = "How long to wait for the answer, also of a device that sleeps.", HelpName = "SECONDS" };

    private QueueArguments() { }

    public static QueueArguments AddTo(ServerVerb verb)
    {
        var arguments = new QueueArguments();
        verb.Command.Options.Add(arguments._queue);
        verb.Command.Options.Add(arguments._ttl);
        verb.Command.Options.Add(arguments._wait);
        return arguments;
    }

    /// <summary>The path with the query that says so.</summary>
    public string On(ParseResult parsed, string path)
    {
        var query = new List<string>();
        if (parsed.GetValue(_queue))
        {
            query.Add("queue=true");
        }
        Add(query, "ttl", parsed.GetValue(_ttl));
        Add(query, "timeout", parsed.GetValue(_wait));
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    private static void Add(List<string> query, string name, int? seconds)
    {
        if (seconds is { } given)
        {
            query.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={given}"));
        }
    }
}
