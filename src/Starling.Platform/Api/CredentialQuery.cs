using System.Globalization;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Which credentials are asked for: the parameters of the list, of the page and of the API.</summary>
public sealed record CredentialQuery
{
    private static readonly string[] _kinds = ["psk", "rpk", "certificate", "subject", "authority"];

    /// <summary>The largest page.</summary>
    public const int MaxPage = 1000;

    /// <summary>How many in a page.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Behind which the page begins; null at the first.</summary>
    public (string Endpoint, string Id)? After { get; init; }

    /// <summary>Of this endpoint only; null for all.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Of this kind only; null for all.</summary>
    public string? Kind { get; init; }

    /// <summary>In this state only; null for all.</summary>
    public CredentialState? State { get; init; }

    /// <summary>With this text in the endpoint, the identity, the subject or the fingerprint; null for all.</summary>
    public string? Text { get; init; }

    /// <summary>What a request asks for.</summary>
    internal static bool TryRead(IQueryCollection query, out CredentialQuery read, out ApiProblem? problem)
    {
        var limit = 100;
        CredentialState? state = null;
        read = new CredentialQuery();
        problem =
            query["limit"] is [{ } text] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxPage)
                ? ApiProblem.BadField("limit", $"limit is the number of credentials in a page, 1 to {MaxPage}.")
            : Given(query, "kind") is { } kind && !_kinds.Contains(kind) ? ApiProblem.BadField("kind", $"kind is one of {string.Join(", ", _kinds)}.")
            : Given(query, "state") is { } word && !TryState(word, out state) ? ApiProblem.BadField("state", "state is one of valid, disabled, waiting, ended.")
            : null;
        read = read with
        {
            Limit = limit,
            After = Given(query, "after") is { } place ? PlaceOf(place) : null,
            Endpoint = Given(query, "endpoint"),
            Kind = Given(query, "kind"),
            State = state,
            Text = Given(query, "q"),
        };
        return problem is null;
    }

    /// <summary>A page, and where the next one begins; null on the last.</summary>
    public (IReadOnlyList<Credential> Page, string? Next) Find(DeviceCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var from = Endpoint is { } endpoint && (After is null || string.CompareOrdinal(After.Value.Endpoint, endpoint) < 0) ? (endpoint, "") : After;
        var found = credentials.List(from, Limit + 1, c => Fits(c, credentials));
        return found.Count > Limit ? (found.Take(Limit).ToArray(), $"{found[Limit - 1].Id}~{found[Limit - 1].Endpoint}") : (found, null);
    }

    /// <summary>What is asked for as parameters, without the page: <c>&amp;kind=psk&amp;q=meter</c>.</summary>
    public string Filter => string.Concat(
        Part("endpoint", Endpoint), Part("kind", Kind), Part("state", State is { } state ? CredentialJson.StateOf(state) : null), Part("q", Text));

    private bool Fits(Credential credential, DeviceCredentials credentials) =>
        (Endpoint is null || credential.Endpoint == Endpoint)
        && (Kind is null || CredentialJson.KindOf(credential) == Kind)
        && (State is null || credentials.StateOf(credential) == State)
        && (Text is null || Has(credential.Endpoint) || Has(CredentialJson.NameOf(credential)) || Has((credential as Credential.Authority)?.Endpoints?.Text));

    private bool Has(string? text) => text?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static string? Given(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } text] ? text : null;

    // An id has no ~ in it; an endpoint may.
    private static (string, string) PlaceOf(string text) => text.IndexOf('~') is > 0 and var end ? (text[(end + 1)..], text[..end]) : ("", text);

    private static bool TryState(string word, out CredentialState? state)
    {
        state = Enum.GetValues<CredentialState>().Cast<CredentialState?>().FirstOrDefault(s => CredentialJson.StateOf(s!.Value) == word);
        return state is not null;
    }
}
