using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Starling.Client;

/// <summary>
/// The storage of a simulated device: it takes a <see cref="SimulatedImage"/>, checks it as it comes and keeps nothing of it but its digest.
/// What goes wrong on real devices can be made to go wrong here.
/// </summary>
/// <param name="time">What installing takes its time by.</param>
public sealed class SimulatedStorage(TimeProvider time) : PackageStorage, IDisposable
{
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = new byte[SimulatedImage.LongestHead];
    private long _length;

    /// <summary>How many bytes a package may have: 1 MiB. A larger one is <see cref="PackageProblem.NoSpace"/>.</summary>
    public long Capacity { get; init; } = 1 << 20;

    /// <summary>How long installing takes: 1 s.</summary>
    public TimeSpan InstallTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What taking a package ends with; null for nothing.</summary>
    public PackageProblem? TakingProblem { get; set; }

    /// <summary>What installing ends with; null for success.</summary>
    public PackageProblem? InstallProblem { get; set; }

    /// <summary>How many bytes of a package are there.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <inheritdoc/>
    public override ValueTask BeginAsync(CancellationToken cancel)
    {
        Discard();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> part, CancellationToken cancel)
    {
        var before = _length;
        _length += part.Length;
        if (before < _head.Length)
        {
            var room = (int)Math.Min(part.Length, _head.Length - before);
            part.Span[..room].CopyTo(_head.AsSpan((int)before));
        }
        var skip = (int)Math.Clamp(SimulatedImage.BodyAt - before, 0, part.Length);
        _digest.AppendData(part.Span[skip..]);
        CheckSoFar();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<PackageIdentity> FinishAsync(CancellationToken cancel)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _digest.GetHashAndReset(digest);
        var head = _head.AsSpan(0, (int)Math.Min(_length, _head.Length));
        if (!head.StartsWith(SimulatedImage.Magic))
        {
            throw new PackageException(PackageProblem.UnsupportedType, "that is no image");
        }
        if (head.Length < SimulatedImage.BodyAt || Told != _length || !head.Slice(SimulatedImage.DigestAt, digest.Length).SequenceEqual(digest))
        {
            throw new PackageException(PackageProblem.Integrity, "the digest is another one");
        }
        return ValueTask.FromResult(SimulatedImage.Identify(head) ?? throw new PackageException(PackageProblem.UnsupportedType, "it has no name and version"));
    }

    /// <inheritdoc/>
    public override void Discard()
    {
        Volatile.Write(ref _length, 0);
        Span<byte> unused = stackalloc byte[SHA256.HashSizeInBytes];
        _digest.GetHashAndReset(unused);
    }

    /// <inheritdoc/>
    public override async Task InstallAsync(CancellationToken cancel)
    {
        await Task.Delay(InstallTime, time, cancel).ConfigureAwait(false);
        if (InstallProblem is { } problem)
        {
            throw new PackageException(problem, "it was to fail");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _digest.Dispose();

    private long Told => BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(SimulatedImage.Magic.Length));

    // As early as can be: what is too large or no image need not come to its end.
    private void CheckSoFar()
    {
        if (TakingProblem is { } problem)
        {
            throw new PackageException(problem, "it was to fail");
        }
        if (_length >= SimulatedImage.DigestAt && !_head.AsSpan().StartsWith(SimulatedImage.Magic))
        {
            throw new PackageException(PackageProblem.UnsupportedType, "that is no image");
        }
        if (_length > Capacity || (_length >= SimulatedImage.DigestAt && Told > Capacity))
        {
            throw new PackageException(PackageProblem.NoSpace, $"more than {Capacity} bytes do not fit");
        }
    }
}
