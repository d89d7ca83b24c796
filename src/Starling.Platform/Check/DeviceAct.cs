using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>
/// What only somebody at the device can cause. The conformance tests do it with the simulated client; a live device is waited for with
/// <c>--slow</c>. Closed: these are all there are.
/// </summary>
/// <param name="Request">What to ask of that somebody.</param>
internal abstract record DeviceAct(string Request)
{
    /// <summary>A value becomes another one.</summary>
    public sealed record Change(Lwm2mPath Path, Lwm2mValue Value) : DeviceAct($"let {Path} become {Value}");

    /// <summary>The device sends values by itself.</summary>
    public sealed record Send(IReadOnlyList<Lwm2mPath> Paths) : DeviceAct($"let the device send {string.Join(' ', Paths)} (operation Send)");

    /// <summary>What the device does with the next package goes wrong.</summary>
    public sealed record Fault(DeviceFault Kind) : DeviceAct(Kind switch
    {
        DeviceFault.NoSpace => "leave too little flash memory for the package",
        DeviceFault.NoMemory => "leave too little memory for the package",
        _ => "let the installation fail",
    });

    /// <summary>The device knows this server by another name than the server's certificate has, or by its right one again.</summary>
    public sealed record Name(bool IsRight) : DeviceAct(IsRight
        ? "give the device the server's right URI again"
        : "give the device a URI of this server with a host that is not in the server's certificate");

    /// <summary>The device loses its connection, or gets it back.</summary>
    public sealed record Connect(bool IsConnected) : DeviceAct(IsConnected ? "connect the device again" : "cut the device off from the network");
}
