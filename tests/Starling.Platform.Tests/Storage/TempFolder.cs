namespace Starling.Platform.Tests;

/// <summary>A folder that is gone with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("starling-").FullName;

    public string Database => System.IO.Path.Combine(Path, SqliteDatabase.FileName);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
