using System.Net;
using System.Net.Sockets;

namespace Starling.Interop.Tests;

/// <summary>Ports for programs that cannot say which one the system gave them.</summary>
internal static class Ports
{
    /// <summary>A UDP port of 127.0.0.1 that was free a moment ago.</summary>
    public static int Free()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }

    /// <summary>One whose successor was free as well.</summary>
    public static int FreePair()
    {
        while (true)
        {
            var port = Free();
            try
            {
                using var next = new UdpClient(new IPEndPoint(IPAddress.Loopback, port + 1));
                return port;
            }
            catch (SocketException)
            {
                // Taken: another pair.
            }
        }
    }
}
