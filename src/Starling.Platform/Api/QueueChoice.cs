using System.Globalization;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Whether an operation waits in the queue, and how long: <c>?queue=true&amp;ttl=3600</c>. Without a word it does for devices that told queue mode.</summary>
internal readonly record struct QueueChoice(bool IsQueued, TimeSpan? TimeToLive)
{
    private const int MaxSeconds = 30 * 24 * 3600;

    public static bool TryRead(HttpContext context, DeviceSession device, out QueueChoice choice, out ApiProblem? problem)
    {
        var isQueued = device.Registration.QueueMode;
        TimeSpan? lives = null;
        (choice, problem) = (default, null);
        if (context.Request.Query["queue"] is [{ } word] && !bool.TryParse(word, out isQueued))
        {
            problem = ApiProblem.BadField("queue", "queue is true or false.");
            return false;
        }
        if (context.Request.Query["ttl"] is [{ } text])
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > MaxSeconds)
            {
                problem = ApiProblem.BadField("ttl", $"ttl is a number of seconds, 1 to {MaxSeconds}.");
                return false;
            }
            lives = TimeSpan.FromSeconds(seconds);
        }
        choice = new QueueChoice(isQueued, lives);
        return true;
    }
}
