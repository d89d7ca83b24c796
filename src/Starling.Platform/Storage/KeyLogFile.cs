namespace Starling.Platform;

/// <summary>
/// A key log in the format of NSS, with which protocol analysers read what was said: whoever has the file reads everything. For its owner's eyes only.
/// </summary>
internal sealed class KeyLogFile : IDisposable
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _writer;
    private bool _isClosed;

    private KeyLogFile(StreamWriter writer) => _writer = writer;

    /// <summary>Opens it, to write behind what is there.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public static KeyLogFile Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        try
        {
            return new KeyLogFile(new StreamWriter(path, options) { AutoFlush = true, NewLine = "\n" });
        }
        catch (Exception impossible) when (impossible is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"The key log {path} cannot be written: {impossible.Message}", "Name another file with --key-log, or leave it out.", impossible);
        }
    }

    /// <summary>Writes a line. What cannot be written is left out: a session is worth more than its log.</summary>
    public void Write(string line)
    {
        lock (_lock)
        {
            try
            {
                if (!_isClosed)
                {
                    _writer.WriteLine(line);
                }
            }
            catch (IOException)
            {
                _isClosed = true;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _writer.Dispose();
        }
    }
}
