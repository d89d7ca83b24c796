using Starling.Coap;

namespace Starling.Server;

/// <summary>What <see cref="Admission"/> says of an identity and an endpoint client name, and why.</summary>
/// <param name="IsAdmitted">Whether it may register.</param>
/// <param name="Endpoint">The name: the one that was asked about, or the one that the identity stands for; null when there is none.</param>
/// <param name="Code">The code of the answer to its Register: 2.01, or that of the refusal.</param>
/// <param name="Steps">What was looked at, in this order; the last one decided.</param>
public sealed record AdmissionAnswer(bool IsAdmitted, string? Endpoint, CoapCode Code, IReadOnlyList<AdmissionStep> Steps);

/// <summary>One rule and what it said.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Allows">Yes or no; null when it does not apply.</param>
/// <param name="Why">Why, for people.</param>
public sealed record AdmissionStep(string Rule, bool? Allows, string Why);
