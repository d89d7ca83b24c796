using System.IO.MemoryMappedFiles;

namespace Starling.Fuzz;

/// <summary>
/// The input that is being run, in a file that outlives the process: a stack overflow or an endless loop leaves nothing else behind.
/// Mapped memory: writing it costs no system call.
/// </summary>
internal sealed class CurrentInput : IDisposable
{
    private const int Size = 1 << 20;
    private readonly string _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;

    public CurrentInput(string file)
    {
        _file = file;
        _map = MemoryMappedFile.CreateFromFile(file, FileMode.Create, null, Size);
        _view = _map.CreateViewAccessor();
    }

    /// <summary>What a process that died was running; null when none died.</summary>
    public static byte[]? LeftBehind(string file)
    {
        if (!File.Exists(file) || File.ReadAllBytes(file) is not { Length: > sizeof(int) } bytes)
        {
            return null;
        }
        var length = Math.Min(BitConverter.ToInt32(bytes), bytes.Length - sizeof(int));
        return length < 0 ? null : bytes.AsSpan(sizeof(int), length).ToArray();
    }

    public void Set(byte[] input)
    {
        var length = Math.Min(input.Length, Size - sizeof(int));
        _view.Write(0, length);
        _view.WriteArray(sizeof(int), input, 0, length);
    }

    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
        File.Delete(_file);
    }
}
