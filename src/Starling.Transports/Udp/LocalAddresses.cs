using System.Net;

namespace Starling.Transports;

/// <summary>
/// Our own addresses that peers have used on a wildcard bind, by number from 1; 0 is none in particular. There are few: they are looked through in order.
/// </summary>
internal sealed class LocalAddresses(int limit, UdpCounters counters)
{
    private readonly Lock _lock = new();
    private (ulong High, ulong Low)[] _known = [];

    /// <summary>The number of an address; 0 when it is a new one and there are too many.</summary>
    public ushort NumberOf(ulong high, ulong low) => Find(_known, high, low) is > 0 and var number ? number : Add(high, low);

    /// <summary>The address of a number from 1.</summary>
    public (ulong High, ulong Low) this[ushort number] => Volatile.Read(ref _known)[number - 1];

    public int Count => Volatile.Read(ref _known).Length;

    public IPAddress ToIPAddress(ushort number)
    {
        var (high, low) = this[number];
        return new UdpAddress(high, low, 0).ToIPAddress();
    }

    private static ushort Find((ulong High, ulong Low)[] known, ulong high, ulong low)
    {
        for (var i = 0; i < known.Length; i++)
        {
            if (known[i].Low == low && known[i].High == high)
            {
                return (ushort)(i + 1);
            }
        }
        return 0;
    }

    private ushort Add(ulong high, ulong low)
    {
        lock (_lock)
        {
            if (Find(_known, high, low) is > 0 and var number)
            {
                return number;
            }
            if (_known.Length >= limit)
            {
                counters.AddLocalRefused();
                return 0;
            }
            Volatile.Write(ref _known, [.. _known, (high, low)]);
            return (ushort)_known.Length;
        }
    }
}
