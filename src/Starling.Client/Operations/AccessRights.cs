namespace Starling.Client;

/// <summary>What a server may do with an object instance (LwM2M Core 1.2 §8.1): the bits of the ACL in the object Access Control (2).</summary>
[Flags]
public enum AccessRights : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Read, Observe and Write-Attributes.</summary>
    Read = 1,
    /// <summary>Write.</summary>
    Write = 2,
    /// <summary>Execute.</summary>
    Execute = 4,
    /// <summary>Delete.</summary>
    Delete = 8,
    /// <summary>Create: of the object, not of an instance.</summary>
    Create = 16,
    /// <summary>Everything that can be done with an instance: what its owner may.</summary>
    Instance = Read | Write | Execute | Delete,
    /// <summary>Everything.</summary>
    All = Instance | Create,
}
