namespace Starling.Platform;

/// <summary>What a simulated device is; one may be all of it.</summary>
[Flags]
internal enum DeviceKind
{
    TemperatureSensor = 1,
    PowerMeter = 2,
    StreetLight = 4,
    All = TemperatureSensor | PowerMeter | StreetLight,
}
