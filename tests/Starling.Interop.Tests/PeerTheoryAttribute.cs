namespace Starling.Interop.Tests;

/// <summary>Tests with foreign programs: reported as skipped where one of them is not installed, never as passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PeerTheoryAttribute : TheoryAttribute
{
    public PeerTheoryAttribute(params string[] peers)
    {
        Names = peers;
        Timeout = 180_000;
        Skip = PeerFactAttribute.WhyNot(peers);
    }

    /// <summary>What the tests need.</summary>
    public string[] Names { get; }
}
