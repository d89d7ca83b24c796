namespace Starling.Interop.Tests;

/// <summary>One side of a session, as a conversation sees it; the handshake begins by itself.</summary>
internal abstract class SecureSession : IAsyncDisposable
{
    /// <summary>It can only send back what it hears.</summary>
    public virtual bool OnlyEchoes => false;

    /// <summary>Everything that it said of itself.</summary>
    public abstract string Said { get; }

    /// <summary>Sends a line.</summary>
    public abstract Task SayAsync(string text);

    /// <summary>Waits until a line came.</summary>
    public abstract Task HearAsync(string text);

    /// <summary>Ends the session with close_notify.</summary>
    public abstract Task CloseAsync();

    /// <summary>Waits until the other side ended it.</summary>
    public abstract Task WaitClosedAsync();

    /// <summary>Waits until the handshake has failed, and says what it says of that.</summary>
    public abstract Task<string> WaitFailedAsync();

    public abstract ValueTask DisposeAsync();
}
