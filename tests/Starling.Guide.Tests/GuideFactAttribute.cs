namespace Starling.Guide.Tests;

/// <summary>A guide that is followed. Skipped where a program that it uses is not installed, never passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GuideFactAttribute : FactAttribute
{
    public GuideFactAttribute(string document)
    {
        Document = document;
        Timeout = 600_000;
        if (OperatingSystem.IsWindows())
        {
            Skip = "The guides are followed in bash.";
        }
        else if (Guide.Read(document).Tools.Append("bash").FirstOrDefault(t => !IsInstalled(t)) is { } absent)
        {
            Skip = $"{absent} is not installed.";
        }
    }

    /// <summary>Which guide.</summary>
    public string Document { get; }

    private static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));
}
