using System.Security.Cryptography;
using Starling.Crypto;

namespace Starling.Dtls;

/// <summary>The keys of a session as the cipher wants them: MAC key, key and fixed IV of one direction in one array (RFC 5246 §6.3).</summary>
internal sealed class SessionKeys(RecordCipher cipher, byte[] read, byte[] write) : IDisposable
{
    public RecordCipher Cipher { get; } = cipher;

    public byte[] Read { get; } = read;

    public byte[] Write { get; } = write;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Read);
        CryptographicOperations.ZeroMemory(Write);
    }
}
