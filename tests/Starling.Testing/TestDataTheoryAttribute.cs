using Xunit;

namespace Starling.Testing;

/// <summary>As <see cref="TestDataFactAttribute"/>, for tests with parameters.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TestDataTheoryAttribute : TheoryAttribute
{
    /// <summary>Names what the test needs.</summary>
    public TestDataTheoryAttribute(string name)
    {
        Name = name;
        Skip = TestData.WhyNot(name);
    }

    /// <summary>What the test needs.</summary>
    public string Name { get; }
}
