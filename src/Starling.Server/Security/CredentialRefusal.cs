namespace Starling.Server;

/// <summary>Why credentials were not taken: none of them was.</summary>
/// <param name="Index">Which of those that were given: 0 is the first.</param>
/// <param name="Kind">Which sort of no.</param>
/// <param name="Why">For people.</param>
public sealed record CredentialRefusal(int Index, CredentialRefusalKind Kind, string Why);

/// <summary>Why credentials were not taken.</summary>
public enum CredentialRefusalKind : byte
{
    /// <summary>It is none: a part of it is out of range.</summary>
    Unusable,
    /// <summary>Another one has its id, its PSK identity, its key or its certificate.</summary>
    Taken,
    /// <summary>There are as many as there may be.</summary>
    Full,
    /// <summary>There is none with this id.</summary>
    Unknown,
}
