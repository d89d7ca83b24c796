using Starling.Client;
using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>What somebody at the simulated device can do.</summary>
internal static class Hands
{
    /// <summary>Makes something go wrong with the next package.</summary>
    public static Task<bool> FaultAsync(Bench bench, DeviceAct act)
    {
        if (act is not DeviceAct.Fault fault || bench.Client.Storage is not { } storage)
        {
            return Task.FromResult(false);
        }
        storage.TakingProblem = fault.Kind switch { DeviceFault.NoSpace => PackageProblem.NoSpace, DeviceFault.NoMemory => PackageProblem.OutOfMemory, _ => null };
        storage.InstallProblem = fault.Kind == DeviceFault.InstallFails ? PackageProblem.InstallFailed : null;
        return Task.FromResult(true);
    }

    /// <summary>Lets the client send; it does not when the server wants nothing.</summary>
    public static Task<bool> SendAsync(Bench bench, DeviceAct act)
    {
        if (act is not DeviceAct.Send send)
        {
            return Task.FromResult(false);
        }
        _ = bench.Client.Client.SendAsync(send.Paths, default);
        return Task.FromResult(true);
    }

    /// <summary>Gives a resource instance another value.</summary>
    public static Task<bool> ChangeAsync(Bench bench, DeviceAct act)
    {
        if (act is not DeviceAct.Change change)
        {
            return Task.FromResult(false);
        }
        var instance = bench.Client[change.Path.ObjectId, change.Path.InstanceId];
        ((MultipleResource)instance[change.Path.ResourceId]).Set(change.Path.ResourceInstanceId, change.Value);
        return Task.FromResult(true);
    }

    /// <summary>Lets the device look for its server by another name, or by its right one.</summary>
    public static Task<bool> NameAsync(Bench bench, DeviceAct act)
    {
        if (act is not DeviceAct.Name name)
        {
            return Task.FromResult(false);
        }
        bench.Client.Configuration = name.IsRight ? Configurations.C17 : Configurations.C18;
        bench.Client.Reboot();
        return Task.FromResult(true);
    }

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
