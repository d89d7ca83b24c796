namespace Starling.Platform.Tests;

/// <summary>Tests that share one running program; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PlatformCollection : ICollectionFixture<RunningPlatform>
{
    public const string Name = "platform";
}
