namespace Starling.Server;

/// <summary>A key that is random by itself, so that some of its bits serve as hash.</summary>
internal interface ITableKey
{
    ulong Hash { get; }
}

/// <summary>What knows its own key in a <see cref="StripedTable{TKey,TItem}"/>.</summary>
internal interface IKeyed<TKey>
{
    TKey TableKey { get; }
}
