using System.Buffers.Binary;
using Starling.Coap;

namespace Starling.Server;

/// <summary>
/// A file as it was when a peer began to fetch it. It is opened for each block, so that a transfer that nobody goes on with holds nothing, and no byte is
/// given of a file that has changed since.
/// </summary>
internal sealed class FileBody(FileInfo file, FileTally tally) : IBodySource
{
    private readonly string _path = file.FullName;
    private readonly DateTime _changed = file.LastWriteTimeUtc;

    public long Length { get; } = file.Length;

    /// <summary>Of length and time of change: the same after a restart of the server, so that a device may go on.</summary>
    public ReadOnlyMemory<byte> ETag
    {
        get
        {
            var tag = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64BigEndian(tag, unchecked(((ulong)_changed.Ticks * 0x9E3779B97F4A7C15) + (ulong)Length));
            return tag;
        }
    }

    public async ValueTask<int> ReadAtAsync(long offset, Memory<byte> destination, CancellationToken cancel)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);   // a disk has no business on the thread that receives
        try
        {
            return Read(offset, destination.Span);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            tally.Losses.Increment();
            // Whoever asks again is told of the file that is there now, with its entity tag.
            throw new CoapErrorException(CoapCode.ServiceUnavailable, "The file is not what it was when it was asked for.");
        }
    }

    private int Read(long offset, Span<byte> destination)
    {
        if (new FileInfo(_path) is not { Exists: true, Length: var length } || length != Length)
        {
            throw new FileNotFoundException();   // before it is opened: a pipe that has taken its place would wait
        }
        using var handle = File.OpenHandle(_path, share: FileShare.ReadWrite | FileShare.Delete);
        var read = 0;
        for (var more = -1; read < destination.Length && more != 0; read += more)
        {
            more = RandomAccess.Read(handle, destination[read..], offset + read);
        }
        if (RandomAccess.GetLength(handle) != Length || File.GetLastWriteTimeUtc(handle) != _changed)
        {
            throw new EndOfStreamException();
        }
        tally.Bytes.Add(read);
        return read;
    }
}
