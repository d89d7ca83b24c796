namespace Starling.Platform;

/// <summary>How what is to survive is kept. Every limit has a default.</summary>
internal sealed record StorageSettings
{
    /// <summary>How many changes may wait for the next commit: 65 536. Beyond that a change is refused, and its device is answered 5.03.</summary>
    public int MaxWaiting { get; init; } = 65_536;

    /// <summary>
    /// Whether devices are answered as soon as a change is in the queue, before it is on the disk: no. Answers are faster then, and those of the last
    /// moments before a crash may be for nothing.
    /// </summary>
    public bool AnswerBeforeCommit { get; init; }

    /// <summary>Whether a commit waits until the disk has it: yes. Without, the last commits may be lost when the power fails, and none when only the program dies.</summary>
    public bool SurvivesPowerLoss { get; init; } = true;

    /// <summary>How long to wait before a commit that failed is tried again: 1 s.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a device that sends values by itself (Send) is answered when they are on the disk, and 5.03 when they do not get there: no. It is answered at
    /// once, and its values are written behind with the others.
    /// </summary>
    public bool SendWaitsForCommit { get; init; }

    /// <summary>How often last values are written: every 500 ms.</summary>
    public TimeSpan ValuesEvery { get; init; } = TimeSpan.FromMilliseconds(500);
}
