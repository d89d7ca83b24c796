using System.Security.Cryptography;

namespace Starling.Platform;

/// <summary>
/// The key under which secrets are kept: AES-256-GCM, each thing under a key of its own that is made of this one and of what it belongs to, so that no key
/// comes near the 2^32 texts that random nonces allow (SP 800-38D §8.3): the row of a session is written anew every few seconds. It stands in the environment, or in a file beside the database, which is made when the first secret
/// is kept. Whoever has the database without the key has no secrets.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="variable">What <see cref="Variable"/> says; null when it is not set.</param>
internal sealed class DataKey(string file, string? variable) : IDisposable
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "key";

    /// <summary>The environment variable that holds the key in place of the file.</summary>
    public const string Variable = "STARLING_KEY";

    private const int Size = 32;
    private const byte OneKey = 1;   // before each thing had a key of its own
    private const byte Format = 2;

    // | format 1 | nonce 12 | tag 16 | ciphertext |
    private const int NonceAt = 1;
    private const int TagAt = NonceAt + 12;
    private const int TextAt = TagAt + 16;

    private readonly Lock _lock = new();
    private byte[]? _key;

    /// <summary>Where the key is, for people.</summary>
    public string Place => variable is null ? file : $"the variable {Variable}";

    /// <summary>Encrypts. The first time of all makes the file.</summary>
    /// <param name="plain">The secret.</param>
    /// <param name="associated">What it belongs to; begins with what it is for, as in <c>credential:</c>. It opens with the same only.</param>
    /// <exception cref="StorageException">There is no key and none can be made.</exception>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var output = new byte[TextAt + plain.Length];
        output[0] = Format;
        var nonce = output.AsSpan(NonceAt, TagAt - NonceAt);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = Cipher(KeyOrNone(isNeeded: true)!, Format, associated);
        cipher.Encrypt(nonce, plain, output.AsSpan(TextAt), output.AsSpan(TagAt, TextAt - TagAt), associated);
        return output;
    }

    /// <summary>Decrypts. False when it was not this key that sealed it, for this, as it is.</summary>
    /// <exception cref="StorageException">The key cannot be used.</exception>
    public bool TryOpen(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> associated, out byte[] plain)
    {
        plain = [];
        if (bytes.Length < TextAt || bytes[0] is not (Format or OneKey) || KeyOrNone(isNeeded: false) is not { } key)
        {
            return false;
        }
        try
        {
            using var cipher = Cipher(key, bytes[0], associated);
            plain = new byte[bytes.Length - TextAt];
            cipher.Decrypt(bytes[NonceAt..TagAt], bytes[TextAt..], bytes[TagAt..TextAt], plain, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static AesGcm Cipher(ReadOnlySpan<byte> key, byte format, ReadOnlySpan<byte> associated)
    {
        Span<byte> own = stackalloc byte[Size];
        if (format == OneKey)
        {
            key.CopyTo(own);
        }
        else
        {
            HMACSHA256.HashData(key, associated, own);
        }
        var cipher = new AesGcm(own, TextAt - TagAt);
        CryptographicOperations.ZeroMemory(own);
        return cipher;
    }

    private byte[]? KeyOrNone(bool isNeeded)
    {
        lock (_lock)
        {
            return _key ??= variable is not null ? Read(variable, $"The variable {Variable}")
                : File.Exists(file) ? Read(ReadFile(), file)
                : isNeeded ? Make() : null;
        }
    }

    private static byte[] Read(string text, string place)
    {
        var key = new byte[Size];
        return Convert.FromHexString(text.Trim(), key, out _, out var length) == System.Buffers.OperationStatus.Done && length == Size && text.Trim().Length == Size * 2
            ? key
            : throw new StorageException($"{place} holds no key: it has {Size * 2} hexadecimal digits.", "Put the right one back: what was encrypted with it opens with no other.");
    }

    private string ReadFile()
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{file} cannot be read: {unreadable.Message}", $"It is the key to what is kept. See that it is yours, or give the key in {Variable}.", unreadable);
        }
    }

    // On the disk before anything is encrypted with it, and for its owner's eyes only. Whole or not at all: what a full disk, or a kill, would leave of a key is
    // none, and what is there is never written over.
    private byte[] Make()
    {
        var key = RandomNumberGenerator.GetBytes(Size);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        try
        {
            using (var stream = new FileStream(file + ".new", options))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key) + "\n"));
                stream.Flush(flushToDisk: true);
            }
            File.Move(file + ".new", file);
            return key;
        }
        catch (Exception impossible) when (impossible is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{file} cannot be made: {impossible.Message}", $"See that the folder is yours, or give a key of {Size * 2} hexadecimal digits in {Variable}.", impossible);
        }
    }
}
