using Xunit;

namespace Starling.Testing;

/// <summary>A test of a file or folder of <see cref="TestData"/>: reported as skipped where it is absent, never as passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TestDataFactAttribute : FactAttribute
{
    /// <summary>Names what the test needs.</summary>
    public TestDataFactAttribute(string name)
    {
        Name = name;
        Skip = TestData.WhyNot(name);
    }

    /// <summary>What the test needs.</summary>
    public string Name { get; }
}
