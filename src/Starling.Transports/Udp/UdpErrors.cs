using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Starling.Transports;

/// <summary>Says in words why a socket could not be had and what to do.</summary>
internal static class UdpErrors
{
    public static IOException FromBind(IPEndPoint endPoint, int error) => error switch
    {
        Libc.Eaddrinuse => InUse(endPoint),
        Libc.Eaddrnotavail => NotOurs(endPoint),
        Libc.Eacces or Libc.Eperm => NotAllowed(endPoint),
        _ => From($"listen on UDP port {Place(endPoint)}", error),
    };

    public static IOException FromBind(IPEndPoint endPoint, SocketException error) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => InUse(endPoint),
        SocketError.AddressNotAvailable => NotOurs(endPoint),
        SocketError.AccessDenied => NotAllowed(endPoint),
        _ => new IOException($"Cannot listen on UDP port {Place(endPoint)}: {error.Message}", error),
    };

    public static IOException From(string what, int error) =>
        new($"Cannot {what}: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).");

    private static IOException InUse(IPEndPoint endPoint) =>
        new($"UDP port {Place(endPoint)} is in use: stop the program that has it, or choose another port.");

    private static IOException NotOurs(IPEndPoint endPoint) =>
        new($"{endPoint.Address} is not an address of this machine: listen on one that is, or on all of them with 0.0.0.0 or [::].");

    private static IOException NotAllowed(IPEndPoint endPoint) =>
        new($"This user may not listen on UDP port {Place(endPoint)}: choose a port above 1023, or allow this one.");

    private static string Place(IPEndPoint endPoint) =>
        endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any)
            ? $"{endPoint.Port} on all addresses"
            : $"{endPoint.Port} on {endPoint.Address}";
}
