using Starling.Coap;

namespace Starling.Client;

/// <summary>How a device fetches packages, by the scheme of their URI.</summary>
/// <example><code>
/// sources.Add("coap", client.DownloadAsync);
/// sources.Add("coaps", client.DownloadAsync);   // where a channel carries it
/// </code></example>
public sealed class PackageSources
{
    // The numbers of Firmware Update Protocol Support (/5/0/8).
    private static readonly string[] _known = ["coap", "coaps", "http", "https", "coap+tcp", "coaps+tcp"];
    private readonly Lock _lock = new();
    private Dictionary<string, Func<Uri, IBodySink, CancellationToken, Task>> _sources = new(StringComparer.OrdinalIgnoreCase);   // replaced as a whole

    /// <summary>Adds a way to fetch, or replaces it.</summary>
    /// <param name="scheme">The scheme of the URIs: <c>coap</c>.</param>
    /// <param name="fetch">
    /// Writes what a URI names into a sink, in order; it ends when all is written. It throws a <see cref="PackageException"/> when that cannot be;
    /// a <see cref="CoapException"/> or <see cref="IOException"/> means that the connection was lost. It does not call <see cref="IBodySink.Abort"/>.
    /// </param>
    public void Add(string scheme, Func<Uri, IBodySink, CancellationToken, Task> fetch)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        ArgumentNullException.ThrowIfNull(fetch);
        lock (_lock)
        {
            _sources = new(_sources, StringComparer.OrdinalIgnoreCase) { [scheme] = fetch };
        }
    }

    /// <summary>Whether there is none.</summary>
    internal bool IsEmpty => _sources.Count == 0;

    /// <summary>The way for a scheme; null when there is none.</summary>
    internal Func<Uri, IBodySink, CancellationToken, Task>? Find(string scheme) => _sources.GetValueOrDefault(scheme);

    /// <summary>The numbers of the protocols there are.</summary>
    internal IEnumerable<int> Protocols => Enumerable.Range(0, _known.Length).Where(number => _sources.ContainsKey(_known[number]));
}
