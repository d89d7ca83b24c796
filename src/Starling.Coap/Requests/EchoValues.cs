using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Starling.Coap;

/// <summary>Values of the Echo option that only the address they were sent to can return (RFC 9175 §2.3, appendix A.2): nothing is kept for them.</summary>
internal sealed class EchoValues(TimeProvider time)
{
    /// <summary>The length of a value.</summary>
    public const int Size = 8;

    private const long PeriodSeconds = 120;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A value for this peer; it is good for two to four minutes.</summary>
    public byte[] For(Peer peer) => Make(peer, Period);

    /// <summary>Whether a value was made for this peer of late.</summary>
    public bool IsFor(Peer peer, ReadOnlySpan<byte> value)
    {
        var period = Period;
        return CryptographicOperations.FixedTimeEquals(value, Make(peer, period))
            | CryptographicOperations.FixedTimeEquals(value, Make(peer, period - 1));
    }

    private long Period => time.GetTimestamp() / time.TimestampFrequency / PeriodSeconds;

    private byte[] Make(Peer peer, long period)
    {
        var address = Encoding.UTF8.GetBytes(peer.Address.ToString());
        var input = new byte[sizeof(long) + address.Length];
        BinaryPrimitives.WriteInt64BigEndian(input, period);
        address.CopyTo(input.AsSpan(sizeof(long)));
        return HMACSHA256.HashData(_key, input)[..Size];
    }
}
