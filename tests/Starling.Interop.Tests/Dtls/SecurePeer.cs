using System.Net.NetworkInformation;

namespace Starling.Interop.Tests;

/// <summary>Who can be either side of a DTLS session.</summary>
internal abstract class SecurePeer
{
    /// <summary>Begins to wait for clients.</summary>
    /// <param name="port">A UDP port of 127.0.0.1 that is free.</param>
    /// <param name="what">What sessions are to be like.</param>
    public abstract SecureSession Listen(int port, SecureCase what);

    /// <summary>Begins a session.</summary>
    /// <param name="port">The server's port on 127.0.0.1.</param>
    /// <param name="what">What it is to be like.</param>
    public abstract SecureSession Connect(int port, SecureCase what);

    /// <summary>Waits until a program listens at a port: a client that comes too early would lose its first hello, or be told that nobody is there.</summary>
    public static async Task WaitForPortAsync(int port)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        var patience = ForeignProgram.Patience;
        while (!IsTaken(port))
        {
            await timer.WaitForNextTickAsync(patience);
        }
    }

    // Asks the system's list: to try the port oneself would take it from the program just as it comes.
    private static bool IsTaken(int port) => IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Any(l => l.Port == port);
}
