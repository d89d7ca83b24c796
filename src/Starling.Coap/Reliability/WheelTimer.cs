namespace Starling.Coap;

/// <summary>
/// Something that is due once, at a time that may be moved. It carries its own place in the <see cref="TimerWheel"/>,
/// so waiting costs no allocation: derive from this where there are many.
/// </summary>
public abstract class WheelTimer
{
    internal WheelTimer? Next;
    internal WheelTimer? Previous;
    internal long DueTick;
    internal int Slot = -1;

    /// <summary>Whether it waits in a wheel.</summary>
    public bool IsScheduled => Volatile.Read(ref Slot) >= 0;

    /// <summary>
    /// The time has come. Runs on the wheel's thread, outside of its lock: it may schedule again, but not wait.
    /// A cancel that comes at the same moment can be too late, so look at your own state first.
    /// </summary>
    protected internal abstract void OnDue();
}
