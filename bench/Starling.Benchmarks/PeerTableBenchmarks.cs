using BenchmarkDotNet.Attributes;
using Starling.Transports;

namespace Starling.Benchmarks;

/// <summary>Finding the peer of a datagram among many, and making one while another has to go.</summary>
public class PeerTableBenchmarks
{
    private const int Batch = 1024;
    private readonly UdpAddress[] _keys = new UdpAddress[Batch];
    private UdpPeerTable _table = null!;
    private uint _next;

    /// <summary>How many peers are known.</summary>
    [Params(1_000, 100_000, 1_000_000)]
    public int Peers { get; set; }

    /// <summary>Fills the table with held peers.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _table = new UdpPeerTable(65_536, _ => { });
        for (uint i = 0; i < Peers; i++)
        {
            _table.GetOrAdd(Key(i)).Hold();
        }
        var random = new Random(1);
        for (var i = 0; i < Batch; i++)
        {
            _keys[i] = Key((uint)random.Next(Peers));
        }
    }

    /// <summary>A peer that is there, a random one each time.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int Find()
    {
        var found = 0;
        foreach (ref readonly var key in _keys.AsSpan())
        {
            found += _table.Find(key) is null ? 0 : 1;
        }
        return found;
    }

    /// <summary>A new peer each time, as in a flood: once 65 536 have come, each makes another one go.</summary>
    [Benchmark]
    public object Add() => _table.GetOrAdd(Key(0x8000_0000 | _next++));

    private static UdpAddress Key(uint i) => new(0, 0xffff_0000_0000UL | i, 5683UL << 16);
}
