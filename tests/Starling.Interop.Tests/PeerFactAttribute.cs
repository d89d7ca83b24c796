namespace Starling.Interop.Tests;

/// <summary>A test with foreign programs: reported as skipped where one of them is not installed, never as passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(params string[] peers)
    {
        Names = peers;
        Timeout = 180_000;
        Skip = WhyNot(peers);
    }

    /// <summary>What the test needs.</summary>
    public string[] Names { get; }

    /// <summary>Why a test with these programs is skipped; null when they are there.</summary>
    public static string? WhyNot(string[] peers) => Array.Find(peers, p => Peers.Find(p) is null) is { } absent ? $"{absent} is not installed; ./test installs it." : null;
}
