namespace Starling.Console.Tests;

/// <summary>Tests that share one running program and one browser; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<RunningProgram>
{
    public const string Name = "console";
}
