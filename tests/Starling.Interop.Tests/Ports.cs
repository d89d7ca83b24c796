using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Starling.Interop.Tests;

/// <summary>Ports for programs that cannot say which one the system gave them.</summary>
internal static class Ports
{
    /// <summary>A UDP port of 127.0.0.1 that was free a moment ago: below those that systems give away by themselves, so that nobody gets it before the program.</summary>
    public static int Free()
    {
        int port;
        do
        {
            port = RandomNumberGenerator.GetInt32(10_000, 30_000);
        }
        while (!IsFree(port));
        return port;
    }

    /// <summary>One whose successor was free as well.</summary>
    public static int FreePair()
    {
        int port;
        do
        {
            port = Free();
        }
        while (!IsFree(port + 1));
        return port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
