namespace Starling.Platform;

/// <summary>The folder of <c>--data</c>.</summary>
/// <param name="Path">Where it is; null when nothing is to be kept.</param>
/// <param name="IsChosen">Whether somebody named it. What was named must work; what is merely usual may be missing.</param>
internal sealed record DataFolder(string? Path, bool IsChosen)
{
    /// <summary>What stands for no folder.</summary>
    public const string None = "none";

    /// <summary>The folder of an option's value; null is the user's own.</summary>
    public static DataFolder Of(string? value) => value switch
    {
        null => new DataFolder(Usual(), false),
        None => new DataFolder(null, true),
        _ => new DataFolder(System.IO.Path.GetFullPath(value), true),
    };

    /// <summary>Where programs of this user keep their data, on this system: on Linux <c>$XDG_DATA_HOME/starling</c>, which is <c>~/.local/share/starling</c>.</summary>
    public static string? Usual()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return home.Length == 0 ? null : System.IO.Path.Combine(home, "starling");
    }
}
