using Starling.Coap;

namespace Starling.Server;

/// <summary>
/// Answers GET of <c>/files/NAME</c> with the files of a folder, over CoAP and CoAPS alike: firmware that a device is told to fetch, say. To be set as
/// <see cref="Lwm2mServer.OtherPaths"/>. The files are read block by block (RFC 7959) and never stand in memory.
/// </summary>
/// <remarks>
/// The files are no secret from those who reach the server: what has to be one is encrypted, and images are signed. A name is looked for among those that the
/// folder shows and never made into a path; links, hidden files and folders are not shown.
/// </remarks>
/// <param name="folder">The folder. It may come and go; without it there are no files.</param>
public sealed class OfferedFiles(string folder) : ICoapHandler
{
    /// <summary>The path that stands before the names.</summary>
    public const string Path = "files";

    private readonly FileTally _tally = new();

    // What Unix calls a link, Windows calls a reparse point.
    private readonly EnumerationOptions _shown = new() { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>The largest file that is answered for, in bytes: 256 MiB. Blocks of 1024 bytes can say 1 GiB, those of 256 that much (RFC 7959 §2.2).</summary>
    public long MaxLength { get; init; } = 256 << 20;

    /// <summary>What has been fetched so far.</summary>
    public OfferedFilesCounters Counters => _tally.Read();

    /// <summary>The files, by their names.</summary>
    public IReadOnlyList<OfferedFile> List() =>
        [.. Shown().Where(f => f.Exists).Select(f => new OfferedFile(f.Name, f.Length, f.LastWriteTimeUtc, f.Length > MaxLength)).OrderBy(f => f.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public async ValueTask<CoapMessage?> HandleAsync(Peer peer, CoapMessage request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);   // a disk has no business on the thread that receives
        var response = Answer(request);
        (response.Code.IsSuccess ? _tally.Fetches : _tally.Refusals).Increment();
        return response;
    }

    private CoapMessage Answer(CoapMessage request)
    {
        // "Files", and a name of one segment; a slash in it, which a percent sign can bring in, is in no file's name.
        if (request.Options.GetStrings(OptionNumber.UriPath) is not [Path, var name] || Shown().FirstOrDefault(f => f.Name == name && f.Exists) is not { } file)
        {
            return CoapMessage.Response(CoapCode.NotFound);
        }
        if (request.Code != CoapCode.Get)
        {
            return CoapMessage.Response(CoapCode.MethodNotAllowed);
        }
        if (request.Options.Accept is { } wanted && wanted != ContentFormat.OctetStream)
        {
            return CoapMessage.Response(CoapCode.NotAcceptable);
        }
        var body = new FileBody(file, _tally);
        if (body.Length > MaxLength)
        {
            return CoapMessage.Error(CoapCode.NotFound, $"The file has more than {MaxLength} bytes: it is not offered.");
        }
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.ContentFormat, ContentFormat.OctetStream.Value);
        return new CoapMessage { Code = CoapCode.Content, Options = options.Build(), Body = body.Length > 0 ? body : null };
    }

    private FileInfo[] Shown()
    {
        try
        {
            return new DirectoryInfo(folder).GetFiles("*", _shown);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
