using System.Security.Cryptography;

namespace Starling.Crypto.Tests;

/// <summary>.NET's own way to do what is compared with it.</summary>
internal static class Reference
{
    /// <summary>HMAC-SHA256.</summary>
    public static byte[] Hmac(byte[] key, byte[] message) => HMACSHA256.HashData(key, message);
}
