namespace Starling.Dtls;

/// <summary>
/// Public-key work of a handshake: a key pair, an agreement, a signature. It knows nothing of its connection: <see cref="Run"/> goes on any thread, then
/// <see cref="DtlsConnection.Complete"/> takes the result. Whoever does not complete it disposes it.
/// </summary>
public abstract class DtlsWork : IDisposable
{
    /// <summary>Does it: 0.1 to 1 ms of processor time. It never throws for what a peer sent.</summary>
    public abstract void Run();

    /// <summary>Wipes what came out.</summary>
    public abstract void Dispose();
}
