using Starling.Client;

namespace Starling.Platform;

/// <summary>Says something where a server says nothing: a Register that nobody answers is repeated for a minute and a half (RFC 7252 §4.8.2).</summary>
internal sealed class SilentServer : IDisposable
{
    /// <summary>How long nothing is said.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;
    private volatile bool _isHeard;

    /// <summary>Watches until it is disposed, and tells once what to do when nothing has been heard after a few seconds.</summary>
    public SilentServer(Uri server, TextWriter output, TimeProvider time)
    {
        _timer = time.CreateTimer(
            _ =>
            {
                if (!_isHeard)
                {
                    output.WriteLine($"No answer from {server.OriginalString} yet; trying on. Start a server with: {CommandName.Typed} up");
                }
            },
            null, Patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes what became of an attempt: a refusal is an answer too, and is told by itself.</summary>
    public void Take(RegistrationStatus status) => _isHeard |= status.IsRegistered || status.Problem is not null;

    public void Dispose() => _timer.Dispose();
}
