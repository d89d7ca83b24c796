namespace Starling.Console.Tests;

/// <summary>A test in a browser: skipped, never passed, where there is none.</summary>
public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute()
    {
        if (Chromium.Path is null)
        {
            Skip = "chromium is not installed; ./test installs it.";
        }
    }
}
