namespace Starling.Platform;

/// <summary>Writes certificates and keys: all of them or none, never over what is there, and keys so that only their owner reads them.</summary>
internal static class KeyFiles
{
    /// <summary>Writes files that belong together.</summary>
    /// <exception cref="PkiException">One is there already, or cannot be written.</exception>
    public static void Write(params KeyFile[] files)
    {
        if (files.FirstOrDefault(f => Path.Exists(f.Path)) is { } present)
        {
            throw new PkiException($"{present.Path} is there already, and is left alone.", "Choose another folder or name, or remove it first.");
        }
        var written = new List<string>();
        try
        {
            foreach (var file in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file.Path))!);
                using var writer = new StreamWriter(file.Path, OptionsOf(file));
                written.Add(file.Path);
                writer.Write(file.Text);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            written.ForEach(File.Delete);   // half of a pair is of no use
            throw new PkiException($"Nothing can be written there: {failure.Message}", "Choose a folder that is yours.");
        }
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="PkiException">It is not there, or cannot be read.</exception>
    public static string Read(string path, string hint)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PkiException(failure.Message, hint);
        }
    }

    private static FileStreamOptions OptionsOf(KeyFile file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (file.IsSecret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return options;
    }
}

/// <summary>A file to be written.</summary>
/// <param name="Path">Where.</param>
/// <param name="Text">What is in it, in PEM.</param>
/// <param name="Meaning">What it is, for people.</param>
/// <param name="IsSecret">Whether only its owner may read it.</param>
internal sealed record KeyFile(string Path, string Text, string Meaning, bool IsSecret = false);
