using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Addresses inside the console. The endpoint name is a query value: it may hold anything, also slashes.</summary>
internal static class ConsoleLinks
{
    public static string Device(DeviceSession device) => "/device?ep=" + Uri.EscapeDataString(device.Key.Endpoint);

    public static string Check(DeviceSession device) => "/device/check?ep=" + Uri.EscapeDataString(device.Key.Endpoint);

    public static string Trace(DeviceSession device) => "/device/trace?ep=" + Uri.EscapeDataString(device.Key.Endpoint);

    public static string Device(DeviceSession device, Lwm2mPath path) => Device(device) + "&at=" + path;
}
