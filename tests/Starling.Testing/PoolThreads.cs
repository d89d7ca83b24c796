using Microsoft.Win32.SafeHandles;

namespace Starling.Testing;

/// <summary>
/// Tells from the kernel whether this process does anything: an item that a thread of the pool has taken up and not finished is on no counter,
/// but its thread does not sleep, not even while it waits for a processor. Threads that are no workers count as well: one may hold what a worker
/// waits for, such as a method that is being compiled. Linux only.
/// </summary>
internal static class PoolThreads
{
    private const string Process = "/proc/self/stat";
    private const string Tasks = "/proc/self/task";
    private static readonly Lock _lock = new();
    private static readonly List<SafeFileHandle> _threads = [];
    private static SafeFileHandle? _process;

    /// <summary>Whether this system says.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Directory.Exists(Tasks);

    /// <summary>Whether all threads but the caller's sleep.</summary>
    public static bool OthersSleep()
    {
        lock (_lock)
        {
            if (_threads.Count != ThreadCount())
            {
                Open();
            }
            return _threads.Count == ThreadCount() && _threads.Count(IsAwake) <= 1;
        }
    }

    private static void Open()
    {
        _threads.ForEach(t => t.Dispose());
        _threads.Clear();
        foreach (var task in Directory.EnumerateDirectories(Tasks))
        {
            try
            {
                _threads.Add(File.OpenHandle($"{task}/stat"));
            }
            catch (IOException)
            {
                // The thread has just ended.
            }
        }
    }

    // "1234 (.NET TP Worker) S 1 …": S sleeps; the seventeenth field behind the name is the number of threads.
    private static bool IsAwake(SafeFileHandle thread)
    {
        Span<byte> text = stackalloc byte[512];
        return !Read(thread, ref text) || text[0] is not ((byte)'S' or (byte)'X' or (byte)'Z');
    }

    private static int ThreadCount()
    {
        _process ??= File.OpenHandle(Process);
        Span<byte> text = stackalloc byte[512];
        if (!Read(_process, ref text))
        {
            return -1;
        }
        for (var field = 0; field < 17; field++)
        {
            text = text[(text.IndexOf((byte)' ') + 1)..];
        }
        return int.TryParse(text[..text.IndexOf((byte)' ')], out var count) ? count : -1;
    }

    // What stands behind the name, which may have brackets and blanks of its own.
    private static bool Read(SafeFileHandle file, ref Span<byte> text)
    {
        try
        {
            text = text[..RandomAccess.Read(file, text, 0)];
        }
        catch (IOException)
        {
            return false;
        }
        text = text[(text.LastIndexOf(") "u8) + 2)..];
        return text.Length > 0;
    }
}
