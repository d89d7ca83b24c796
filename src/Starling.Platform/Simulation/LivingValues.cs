namespace Starling.Platform;

/// <summary>Values that move as real ones do: slow waves with a little noise. A function of time and a seed, so nothing is kept.</summary>
internal sealed class LivingValues(int seed, TimeProvider time)
{
    private const double Watt = 800, SlowSwing = 450, FastSwing = 50, Slow = 120, Fast = 11;
    private readonly double _phase = new Random(seed).NextDouble() * 2 * Math.PI;
    private readonly long _start = time.GetTimestamp();

    /// <summary>Seconds since the device was made.</summary>
    public double Seconds => time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>21 °C, give or take three.</summary>
    public double Celsius => Math.Round(21 + (3 * Wave(300)) + (0.2 * Wave(7)), 1);

    /// <summary>800 W, give or take 500.</summary>
    public double Watts => Math.Round(Watt + (SlowSwing * Wave(Slow)) + (FastSwing * Wave(Fast)), 1);

    /// <summary>What <see cref="Watts"/> has added up to since the device was made, in Wh.</summary>
    public double WattHours => ((Watt * Seconds) + (SlowSwing * Area(Slow)) + (FastSwing * Area(Fast))) / 3600;

    /// <summary>What a battery has left, in percent: one less a minute; an empty one is changed.</summary>
    public int BatteryPercent => (int)(100 - (Seconds / 60 % 100));

    private double Wave(double period) => Math.Sin(Angle(Seconds, period));

    private double Area(double period) => period / (2 * Math.PI) * (Math.Cos(Angle(0, period)) - Math.Cos(Angle(Seconds, period)));

    private double Angle(double seconds, double period) => (2 * Math.PI * seconds / period) + (_phase * period);
}
