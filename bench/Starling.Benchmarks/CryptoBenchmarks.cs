using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Starling.Crypto;

namespace Starling.Benchmarks;

/// <summary>One record of 100 bytes in each cipher, and what a handshake is made of; .NET's own ciphers beside ours.</summary>
public class CryptoBenchmarks
{
    private const int TextSize = 100;
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly byte[] _header = new byte[11];
    private readonly byte[] _explicitNonce = new byte[8];
    private readonly byte[] _secret = new byte[48];
    private readonly byte[] _seed = new byte[64];
    private readonly byte[] _hash = new byte[32];
    private readonly byte[] _point = new byte[P256.PointSize];
    private readonly byte[] _signature = new byte[72];
    private readonly ECDiffieHellman _own = P256.CreateKey();
    private readonly ECDsa _signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly System.Security.Cryptography.AesCcm _ccm = new(new byte[16]);
    private readonly System.Security.Cryptography.AesGcm _gcm = new(new byte[16], 16);
    private Record _ccm8 = null!;
    private Record _gcm16 = null!;
    private Record _macThenEncrypt = null!;
    private Record _encryptThenMac = null!;
    private byte[] _signingPoint = [];
    private int _signatureSize;

    /// <summary>Makes a record of each cipher, and the keys.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _ccm8 = Make(RecordCipher.AesCcm8);
        _gcm16 = Make(RecordCipher.AesGcm);
        _macThenEncrypt = Make(RecordCipher.AesCbcSha256);
        _encryptThenMac = Make(RecordCipher.AesCbcSha256EncryptThenMac);
        P256.WritePoint(_own, _point);
        var q = _signing.ExportParameters(false).Q;
        _signingPoint = [4, .. q.X!, .. q.Y!];
        _signing.TrySignHash(_hash, _signature, DSASignatureFormat.Rfc3279DerSequence, out _signatureSize);
    }

    /// <summary>AES_128_CCM_8.</summary>
    [Benchmark]
    public int Ccm8Seal() => Seal(_ccm8);

    /// <summary>AES_128_CCM_8.</summary>
    [Benchmark]
    public bool Ccm8Open() => Open(_ccm8);

    /// <summary>AES_128_GCM.</summary>
    [Benchmark]
    public int GcmSeal() => Seal(_gcm16);

    /// <summary>AES_128_GCM.</summary>
    [Benchmark]
    public bool GcmOpen() => Open(_gcm16);

    /// <summary>.NET's CCM, its object kept.</summary>
    [Benchmark]
    public void PlatformCcmSeal() => _ccm.Encrypt(_seed.AsSpan(0, 12), _ccm8.Work.AsSpan(8, TextSize), _ccm8.Work.AsSpan(8, TextSize), _hash.AsSpan(0, 8), _header);

    /// <summary>.NET's GCM, its object kept.</summary>
    [Benchmark]
    public void PlatformGcmSeal() => _gcm.Encrypt(_seed.AsSpan(0, 12), _ccm8.Work.AsSpan(8, TextSize), _ccm8.Work.AsSpan(8, TextSize), _hash.AsSpan(0, 16), _header);

    /// <summary>AES_128_CBC_SHA256, MAC then encrypt.</summary>
    [Benchmark]
    public bool CbcOpen() => Open(_macThenEncrypt);

    /// <summary>AES_128_CBC_SHA256, encrypt then MAC.</summary>
    [Benchmark]
    public bool CbcEncryptThenMacOpen() => Open(_encryptThenMac);

    /// <summary>A master secret.</summary>
    [Benchmark]
    public void Prf() => Tls12Prf.Expand(_secret, "master secret"u8, _seed, _secret);

    /// <summary>An ephemeral key.</summary>
    [Benchmark]
    public void P256Create() => P256.CreateKey().Dispose();

    /// <summary>Takes a point and agrees.</summary>
    [Benchmark]
    public bool P256Agree() => P256.TryAgree(_own, _point, _hash.AsSpan());

    /// <summary>Signs a hash.</summary>
    [Benchmark]
    public bool P256Sign() => _signing.TrySignHash(_seed.AsSpan(0, 32), _signature.AsSpan(), DSASignatureFormat.Rfc3279DerSequence, out _);

    /// <summary>Takes a point and verifies.</summary>
    [Benchmark]
    public bool P256Verify() => P256.Verify(_signingPoint, _seed.AsSpan(0, 32), _signature.AsSpan(0, _signatureSize));

    private Record Make(RecordCipher cipher)
    {
        var record = new Record(cipher, new byte[cipher.KeyMaterialSize], new byte[cipher.SealedSize(TextSize)], new byte[cipher.SealedSize(TextSize)]);
        cipher.Seal(record.Keys, _header, _explicitNonce, new byte[TextSize], record.Sealed, _random);
        return record;
    }

    private int Seal(Record record) =>
        record.Cipher.Seal(record.Keys, _header, _explicitNonce, record.Work.AsSpan(record.Cipher.PlaintextOffset, TextSize), record.Work, _random);

    // Opening is in place, so each takes a copy; it is a few nanoseconds.
    private bool Open(Record record)
    {
        record.Sealed.CopyTo(record.Work, 0);
        return record.Cipher.TryOpen(record.Keys, _header, record.Work, out _);
    }

    private sealed record Record(RecordCipher Cipher, byte[] Keys, byte[] Sealed, byte[] Work);
}
