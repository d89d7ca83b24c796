namespace Starling.Server;

/// <summary>A token of ours: always eight random bytes.</summary>
internal readonly record struct ObservationKey(ulong Bits) : ITableKey
{
    public ulong Hash => Bits;
}
