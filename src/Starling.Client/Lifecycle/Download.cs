using System.Net.Sockets;
using Starling.Coap;

namespace Starling.Client;

/// <summary>
/// Fetches what a URI names block by block (RFC 7959 §2.4), so that it never stands in memory as a whole, and goes on where it was after a loss:
/// the next attempt asks for the block that is missing.
/// </summary>
internal sealed class Download(ClientContext context, Peer peer, CoapOptions options, IBodySink target)
{
    private readonly int _retries = context.Settings.DownloadRetries;
    private int _exponent = BlockOption.ExponentFor(peer.Transmission.PreferredBlockSize);
    private long _offset;
    private byte[] _tag = [];
    private int _failures;

    /// <summary>Connects and fetches.</summary>
    public static async Task RunAsync(ClientContext context, Uri source, IBodySink target, CancellationToken cancel)
    {
        var peer = await ConnectAsync(context, source, cancel).ConfigureAwait(false);
        peer.Hold();
        try
        {
            var download = new Download(context, peer, OptionsOf(source), target);
            while (await download.StepAsync(cancel).ConfigureAwait(false))
            {
                // One block at a time.
            }
        }
        finally
        {
            peer.Release();
        }
    }

    private static async ValueTask<Peer> ConnectAsync(ClientContext context, Uri source, CancellationToken cancel)
    {
        try
        {
            return await context.Endpoint.ConnectAsync(new PeerTarget(source), cancel).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new PackageException(PackageProblem.InvalidUri, failure.Message);
        }
        catch (NotSupportedException failure)
        {
            throw new PackageException(PackageProblem.UnsupportedProtocol, failure.Message);
        }
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
        var number = _offset >> (_exponent + 4);
        if (number > BlockOption.MaxNumber)
        {
            throw new PackageException(PackageProblem.NoSpace, $"{_offset} bytes are all that blocks of {16 << _exponent} bytes can say");
        }
        var ask = new BlockOption((int)number, false, _exponent);
        CoapMessage answer;
        try
        {
            var request = new CoapMessage { Code = CoapCode.Get, Options = options.With(OptionNumber.Block2, ask.Value) };
            answer = await context.Endpoint.RequestBlockAsync(peer, request, cancel).ConfigureAwait(false);
        }
        catch (CoapException) when (_failures < _retries)
        {
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
            throw new PackageException(answer.Code.Class == 5 ? PackageProblem.ConnectionLost : PackageProblem.InvalidUri, $"{answer.Code} from {peer}");
        }
        return await TakeAsync(answer, cancel).ConfigureAwait(false);
    }

    private async Task<bool> TakeAsync(CoapMessage answer, CancellationToken cancel)
    {
        var block = answer.Options.Block2 ?? new BlockOption(0, false, _exponent);
        CheckTag(answer);
        if (block.Offset != _offset || (block.More && answer.Payload.Length != block.Size))
        {
            throw new PackageException(PackageProblem.Integrity, $"byte {_offset} was asked for, {block} with {answer.Payload.Length} bytes came");
        }
        await target.WriteAsync(answer.Payload, cancel).ConfigureAwait(false);
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

    private Task PauseAsync(CancellationToken cancel) => Task.Delay(context.Settings.DownloadRetryDelay * (1 << Math.Min(_failures++, 16)), context.Time, cancel);
}
