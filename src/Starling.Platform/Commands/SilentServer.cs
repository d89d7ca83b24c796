namespace Starling.Platform;

/// <summary>Says something where a server says nothing: a Register that nobody answers is repeated for a minute and a half (RFC 7252 §4.8.2).</summary>
internal static class SilentServer
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Tells what to do when nothing has been answered after a few seconds. Disposing it ends the watch.</summary>
    public static IDisposable Watch(Func<bool> isAnswered, Uri server, TextWriter output) => TimeProvider.System.CreateTimer(
        _ =>
        {
            if (!isAnswered())
            {
                output.WriteLine($"No answer from {server.OriginalString} yet; trying on. Start a server with: {CommandName.Typed} up");
            }
        },
        null, _patience, Timeout.InfiniteTimeSpan);
}
