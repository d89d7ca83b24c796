namespace Starling.Platform;

/// <summary>Numbers of things in sentences.</summary>
internal static class Counted
{
    /// <summary>One of them, or many.</summary>
    public static string Of(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";

    /// <summary>That they are all there.</summary>
    public static string All(int count, string thing) => count == 1 ? $"The {thing} is registered." : $"All {count} {thing}s are registered.";
}
