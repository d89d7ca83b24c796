namespace Starling.Dtls;

/// <summary>A pair of local and remote address, numbered by the caller: the engine compares and returns it, and knows no more.</summary>
/// <param name="Value">The caller's number.</param>
public readonly record struct PathId(long Value);
