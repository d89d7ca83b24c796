using System.Net.Sockets;
using Starling.Coap;

namespace Starling.Client;

/// <summary>
/// Fetches what a URI names block by block (RFC 7959 §2.4), so that it never stands in memory as a whole, and goes on where it was after a loss:
/// the next attempt asks for the block that is missing, in a new session where the one before may have ended.
/// </summary>
internal sealed class Download : IDisposable
{
    private readonly ClientContext _context;
    private readonly PeerTarget _source;
    private readonly IBodySink _target;
    private readonly CoapOptions _options;
    private readonly int _retries;
    private Peer? _peer;
    private int _exponent = BlockOption.ExponentFor(1024);
    private long _offset;
    private byte[] _tag = [];
    private int _failures;
    private bool _isReached;

    private Download(ClientContext context, PeerTarget source, IBodySink target)
    {
        (_context, _source, _target) = (context, source, target);
        _options = OptionsOf(source.Uri);
        _retries = context.Settings.DownloadRetries;
    }

    /// <summary>Connects and fetches.</summary>
    public static async Task RunAsync(ClientContext context, PeerTarget source, IBodySink target, CancellationToken cancel)
    {
        using var download = new Download(context, source, target);
        while (await download.StepAsync(cancel).ConfigureAwait(false))
        {
            // One block at a time.
        }
    }

    public void Dispose() => _peer?.Release();

    private async ValueTask<Peer> ConnectAsync(CancellationToken cancel)
    {
        if (_peer is { } standing)
        {
            return standing;
        }
        try
        {
            var peer = await _context.Endpoint.ConnectAsync(_source, cancel).ConfigureAwait(false);
            peer.Hold();
            _exponent = Math.Min(_exponent, BlockOption.ExponentFor(peer.Transmission.PreferredBlockSize));
            (_peer, _isReached) = (peer, true);
            return peer;
        }
        catch (Exception failure) when (!_isReached && failure is IOException or SocketException)
        {
            throw new PackageException(PackageProblem.InvalidUri, failure.Message);
        }
        catch (NotSupportedException failure)
        {
            throw new PackageException(PackageProblem.UnsupportedProtocol, failure.Message);
        }
    }

    // A server that has lost the session cannot say so: what was not answered is asked for in a new one.
    private void Renew(Exception failure)
    {
        if (_peer is not { } silent || failure is not (CoapTimeoutException { IsAcknowledged: false } or PeerLostException))
        {
            return;
        }
        if (_source.Credentials is not null)
        {
            _context.Endpoint.Close(silent);
        }
        silent.Release();
        _peer = null;
    }

    // RFC 7252 §6.4: each segment and each argument is one option, without its percent signs.
    private static CoapOptions OptionsOf(Uri source)
    {
        var options = new CoapOptionsBuilder();
        var path = source.AbsolutePath.TrimStart('/');
        foreach (var segment in path.Length > 0 ? path.Split('/') : [])
        {
            options.Add(OptionNumber.UriPath, Uri.UnescapeDataString(segment));
        }
        foreach (var argument in source.Query.Length > 1 ? source.Query[1..].Split('&') : [])
        {
            options.Add(OptionNumber.UriQuery, Uri.UnescapeDataString(argument));
        }
        return options.Build();
    }

    /// <summary>The next block, or a wait after it did not come. False at the end.</summary>
    private async Task<bool> StepAsync(CancellationToken cancel)
    {
        CoapMessage answer;
        try
        {
            var peer = await ConnectAsync(cancel).ConfigureAwait(false);
            var request = new CoapMessage { Code = CoapCode.Get, Options = _options.With(OptionNumber.Block2, Next().Value) };
            answer = await _context.Endpoint.RequestBlockAsync(peer, request, cancel).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is CoapException or IOException or SocketException && _failures < _retries)
        {
            Renew(failure);
            await PauseAsync(cancel).ConfigureAwait(false);
            return true;
        }
        if (answer.Code.Class == 5 && _failures < _retries)
        {
            await PauseAsync(cancel).ConfigureAwait(false);   // it may be better later; Max-Age of a 5.03 is no longer than that wait as a rule
            return true;
        }
        if (!answer.Code.IsSuccess)
        {
            throw new PackageException(answer.Code.Class == 5 ? PackageProblem.ConnectionLost : PackageProblem.InvalidUri, $"{answer.Code} from {_source.Uri}");
        }
        return await TakeAsync(answer, cancel).ConfigureAwait(false);
    }

    private BlockOption Next()
    {
        var number = _offset >> (_exponent + 4);
        return number <= BlockOption.MaxNumber
            ? new BlockOption((int)number, false, _exponent)
            : throw new PackageException(PackageProblem.NoSpace, $"{_offset} bytes are all that blocks of {16 << _exponent} bytes can say");
    }

    private async Task<bool> TakeAsync(CoapMessage answer, CancellationToken cancel)
    {
        var block = answer.Options.Block2 ?? new BlockOption(0, false, _exponent);
        CheckTag(answer);
        if (block.Offset != _offset || (block.More && answer.Payload.Length != block.Size))
        {
            throw new PackageException(PackageProblem.Integrity, $"byte {_offset} was asked for, {block} with {answer.Payload.Length} bytes came");
        }
        await _target.WriteAsync(answer.Payload, cancel).ConfigureAwait(false);
        _offset += answer.Payload.Length;
        _exponent = Math.Min(_exponent, block.Exponent);   // a server may choose smaller blocks; what it chose stays
        _failures = 0;
        return block.More;
    }

    // Blocks of two representations make no package.
    private void CheckTag(CoapMessage answer)
    {
        if (!answer.Options.TryGet(OptionNumber.ETag, out var tag))
        {
            return;
        }
        if (_offset == 0)
        {
            _tag = tag.ToArray();
        }
        else if (_tag.Length > 0 && !tag.SequenceEqual(_tag))
        {
            throw new PackageException(PackageProblem.Integrity, "the package was replaced while it was fetched");
        }
    }

    private Task PauseAsync(CancellationToken cancel) => Task.Delay(_context.Settings.DownloadRetryDelay * (1 << Math.Min(_failures++, 16)), _context.Time, cancel);
}
