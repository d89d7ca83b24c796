using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Starling.Testing;

/// <summary>
/// Tells from the kernel which threads of the pool run: an item that a thread has taken up and not finished is on no counter of the pool,
/// but its thread does not sleep, not even while it waits for a processor. Linux only.
/// </summary>
internal static class PoolThreads
{
    private const string Tasks = "/proc/self/task";
    private const string WorkerName = ".NET TP Worker";
    private static readonly Lock _lock = new();
    private static readonly List<SafeFileHandle> _workers = [];

    /// <summary>Whether this system says.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Directory.Exists(Tasks);

    /// <summary>Whether all but the caller's sleep.</summary>
    public static bool OthersSleep()
    {
        lock (_lock)
        {
            if (_workers.Count != ThreadPool.ThreadCount)
            {
                Open();
            }
            return _workers.Count >= ThreadPool.ThreadCount && _workers.Count(IsAwake) <= (Thread.CurrentThread.IsThreadPoolThread ? 1 : 0);
        }
    }

    private static void Open()
    {
        _workers.ForEach(w => w.Dispose());
        _workers.Clear();
        foreach (var task in Directory.EnumerateDirectories(Tasks))
        {
            try
            {
                if (File.ReadAllText($"{task}/comm").StartsWith(WorkerName, StringComparison.Ordinal))
                {
                    _workers.Add(File.OpenHandle($"{task}/stat"));
                }
            }
            catch (IOException)
            {
                // The thread has just ended.
            }
        }
    }

    // "1234 (.NET TP Worker) S 1 …": sleeping, or ended.
    private static bool IsAwake(SafeFileHandle stat)
    {
        Span<byte> text = stackalloc byte[64];
        try
        {
            text = text[..RandomAccess.Read(stat, text, 0)];
        }
        catch (IOException)
        {
            return false;
        }
        var end = text.LastIndexOf(") "u8);
        return end >= 0 && !Encoding.ASCII.GetString(text.Slice(end + 2, 1)).AsSpan().ContainsAny("SXZ");
    }
}
