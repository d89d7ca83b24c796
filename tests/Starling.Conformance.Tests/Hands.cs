using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>What somebody at the simulated device can do.</summary>
internal static class Hands
{
    /// <summary>Cuts the device off and connects it again.</summary>
    public static Task<bool> ConnectAsync(Bench bench, DeviceAct act)
    {
        if (act is not DeviceAct.Connect connect)
        {
            return Task.FromResult(false);
        }
        bench.Network.Lose = connect.IsConnected ? null : _ => true;
        return Task.FromResult(true);
    }
}
