namespace Starling.Client;

/// <summary>What a write does with what it does not name.</summary>
internal enum WriteMode
{
    /// <summary>Takes it away: PUT.</summary>
    Replace,
    /// <summary>Leaves it: POST.</summary>
    Update,
    /// <summary>Leaves it, and takes away the resource instances that it gives null: iPATCH.</summary>
    Patch,
}
