using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Starling.Coap;

/// <summary>Tokens of 8 bytes from a cryptographic source, drawn in blocks: a call into the operating system for each would cost more than a request.</summary>
internal sealed class TokenSource
{
    private readonly Lock _lock = new();
    private readonly byte[] _block = new byte[1024];
    private int _at = int.MaxValue;

    public CoapToken Next()
    {
        lock (_lock)
        {
            if (_at > _block.Length - sizeof(ulong))
            {
                RandomNumberGenerator.Fill(_block);
                _at = 0;
            }
            var bits = BinaryPrimitives.ReadUInt64LittleEndian(_block.AsSpan(_at));
            _at += sizeof(ulong);
            return new CoapToken(bits, CoapToken.MaxLength);
        }
    }
}
