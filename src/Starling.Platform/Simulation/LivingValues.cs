namespace Starling.Platform;

/// <summary>Values that move as real ones do: slow waves with a little noise. A function of time and a seed, so nothing is kept.</summary>
internal sealed class LivingValues(int seed, TimeProvider time)
{
    private readonly double _phase = new Random(seed).NextDouble() * 2 * Math.PI;
    private readonly long _start = time.GetTimestamp();

    /// <summary>Seconds since the device was made.</summary>
    public double Seconds => time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>21 °C, give or take three.</summary>
    public double Celsius => Math.Round(21 + (3 * Wave(300)) + (0.2 * Wave(7)), 1);

    /// <summary>800 W, give or take 500.</summary>
    public double Watts => Math.Round(800 + (450 * Wave(120)) + (50 * Wave(11)), 1);

    /// <summary>What 800 W on average add up to, in Wh; the waves cancel out over time.</summary>
    public double WattHours => Math.Round(Seconds * 800 / 3600, 3);

    private double Wave(double period) => Math.Sin((2 * Math.PI * Seconds / period) + (_phase * period));
}
