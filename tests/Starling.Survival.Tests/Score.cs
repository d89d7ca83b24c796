using System.Collections.Immutable;

namespace Starling.Survival.Tests;

/// <summary>What came of a run.</summary>
/// <param name="Kills">How often the program was killed under load.</param>
/// <param name="EarlyKills">How often it was killed while it started.</param>
/// <param name="Acknowledged">Answers that devices and callers got.</param>
/// <param name="InFlight">What was asked and not answered when it died: it may have been taken or not.</param>
/// <param name="Taken">How much of that was taken.</param>
/// <param name="Compared">Comparisons of what a device was told with what the next process knew.</param>
/// <param name="Operations">Comparisons of what a caller was told of a queued operation with what the next process knew.</param>
/// <param name="SlowestStart">The longest time from its start until it served again.</param>
/// <param name="Lost">What differed.</param>
internal sealed record Score(int Kills, int EarlyKills, int Acknowledged, int InFlight, int Taken, int Compared, int Operations, TimeSpan SlowestStart, ImmutableList<string> Lost)
{
    public override string ToString() =>
        $"{Kills} kills under load and {EarlyKills} while starting; {Acknowledged} acknowledged, {InFlight} in flight of which {Taken} were taken; "
        + $"{Compared} comparisons of devices, {Operations} of queued operations, {Lost.Count} lost; up again after {SlowestStart.TotalSeconds:0.0} s at most";
}
