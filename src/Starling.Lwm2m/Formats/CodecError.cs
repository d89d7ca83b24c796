namespace Starling.Lwm2m;

/// <summary>What is wrong with a payload. The default means nothing is.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">About where, in bytes from the start.</param>
public readonly record struct CodecError(CodecErrorKind Kind, int Offset = 0)
{
    /// <summary>Nothing is wrong.</summary>
    public bool IsNone => Kind == CodecErrorKind.None;

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "none" : $"{Kind} at byte {Offset}";
}

/// <summary>Kinds of error in a payload.</summary>
public enum CodecErrorKind : byte
{
    /// <summary>None.</summary>
    None,
    /// <summary>Ends too early.</summary>
    Truncated,
    /// <summary>Not what the format's grammar allows.</summary>
    Malformed,
    /// <summary>Something follows where the end should be.</summary>
    TrailingBytes,
    /// <summary>A value that is not of its resource's type.</summary>
    Type,
    /// <summary>A name that is no path, or a path that does not belong below the operation's.</summary>
    Path,
    /// <summary>The same path twice where it may stand once.</summary>
    DuplicatePath,
    /// <summary>Nested deeper, or more records, than the limits allow.</summary>
    Limit,
    /// <summary>Something the format has and we have not.</summary>
    Unsupported,
}
