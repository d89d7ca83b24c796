namespace Starling.Server;

/// <summary>Whether a credential counts.</summary>
public enum CredentialState : byte
{
    /// <summary>It counts.</summary>
    Valid,
    /// <summary>It has been switched off.</summary>
    Disabled,
    /// <summary>Its time has not begun.</summary>
    Waiting,
    /// <summary>Its time is over.</summary>
    Ended,
}
