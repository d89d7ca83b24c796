using System.Security.Cryptography;

namespace Starling.Dtls;

/// <summary>The hash over all messages so far (RFC 5246 §7.4.9). Every suite here has SHA-256, so it begins before the suite is known.</summary>
internal sealed class Transcript : IDisposable
{
    public const int Size = SHA256.HashSizeInBytes;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>The hash of what was appended; more may follow.</summary>
    public void Current(Span<byte> hash) => _hash.GetCurrentHash(hash);

    /// <summary>Begins anew: the first hello and the cookie's request do not count (RFC 6347 §4.2.1).</summary>
    public void Reset()
    {
        Span<byte> forgotten = stackalloc byte[Size];
        _hash.GetHashAndReset(forgotten);
    }

    public void Dispose() => _hash.Dispose();
}
