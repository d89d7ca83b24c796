using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Starling.Platform.Tests;

/// <summary>A Register written byte by byte from a bare socket.</summary>
internal static class HandRegistration
{
    private static int _messages;

    /// <summary>Registers, waits for 2.01 and closes the socket.</summary>
    public static async Task RegisterAsync(Uri server, string endpoint, string parameter = "b=U", string version = "1.1")
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Connect(server.Host, server.Port);
        await RegisterAsync(socket, endpoint, parameter, version);
    }

    /// <summary>Registers many, one after the other, from one socket.</summary>
    public static async Task RegisterManyAsync(Uri server, IEnumerable<string> endpoints)
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Connect(server.Host, server.Port);
        foreach (var endpoint in endpoints)
        {
            await RegisterAsync(socket, endpoint);
        }
    }

    /// <summary>Registers from a socket that stays open.</summary>
    public static async Task RegisterAsync(UdpClient socket, string endpoint, string parameter = "b=U", string version = "1.1")
    {
        // The system may give a port again: with the same message id the second would be a duplicate of the first.
        var id = (ushort)Interlocked.Increment(ref _messages);
        var message = new List<byte> { 0x40, 0x02, (byte)(id >> 8), (byte)id };   // CON POST
        Option(message, 11, "rd");
        Option(message, 1, [40]);          // 12: link-format
        Option(message, 3, $"lwm2m={version}");   // 15
        Option(message, 0, $"ep={endpoint}");
        Option(message, 0, "lt=300");
        Option(message, 0, parameter);
        message.Add(0xff);
        message.AddRange("</3/0>"u8);
        await socket.SendAsync(message.ToArray());
        var answer = await socket.ReceiveAsync(RunningPlatform.Patience);
        if (answer.Buffer[1] == 0)   // a slow disk: the acknowledgement comes first
        {
            answer = await socket.ReceiveAsync(RunningPlatform.Patience);
        }
        Assert.Equal(0x41, answer.Buffer[1]);
    }

    private static void Option(List<byte> message, int delta, string value) => Option(message, delta, Encoding.UTF8.GetBytes(value));

    private static void Option(List<byte> message, int delta, byte[] value)
    {
        Assert.InRange(delta, 0, 12);
        message.Add((byte)((delta << 4) | Math.Min(value.Length, 13)));
        if (value.Length >= 13)
        {
            message.Add(checked((byte)(value.Length - 13)));
        }
        message.AddRange(value);
    }
}
