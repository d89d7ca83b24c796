using System.Diagnostics;

namespace Starling.Platform.Tests;

public sealed class ScriptTests
{
    [Theory]
    [InlineData("starling")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    public async Task Script_is_executable_and_good_bash(string name)
    {
        var file = Path.Combine(Root(), name);
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute));
        }
        using var check = Process.Start(new ProcessStartInfo("bash", ["-n", file]) { RedirectStandardError = true })!;
        var said = await check.StandardError.ReadToEndAsync(RunningPlatform.Patience);
        await check.WaitForExitAsync(RunningPlatform.Patience);
        Assert.Equal("", said);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Starling.slnx")))
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }
}
