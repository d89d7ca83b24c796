namespace Starling.Dtls;

/// <summary>How a connection ended.</summary>
/// <param name="Step">What it was doing.</param>
/// <param name="Failure">Why it failed; null when it ended as it should.</param>
/// <param name="Sent">The alert that we sent.</param>
/// <param name="Received">The alert that we received.</param>
internal sealed record Ending(string Step, string? Failure, DtlsAlert? Sent, DtlsAlert? Received);
