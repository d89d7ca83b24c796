using System.Net;
using System.Net.Sockets;

namespace Starling.Transports;

/// <summary>From a host in a URI to an address.</summary>
internal static class UdpNames
{
    /// <summary>The first address of a host that a socket of this family reaches; <see cref="AddressFamily.Unspecified"/> reaches both.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static async ValueTask<IPAddress> ResolveAsync(string host, AddressFamily family, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await LookUpAsync(host, cancel).ConfigureAwait(false);
        foreach (var address in addresses)
        {
            if (family == AddressFamily.Unspecified || address.AddressFamily == family)
            {
                return address;
            }
        }
        var kind = family == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
        throw new IOException($"{host} has no {kind} address, and this channel is bound to {kind}.");
    }

    private static async ValueTask<IPAddress[]> LookUpAsync(string host, CancellationToken cancel)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancel).ConfigureAwait(false);
        }
        catch (SocketException error)
        {
            throw new IOException($"The host '{host}' is not known: {error.Message}", error);
        }
    }
}
