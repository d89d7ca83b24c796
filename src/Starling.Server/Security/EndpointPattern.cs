using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Server;

/// <summary>
/// Which endpoint client names an identity may take: text with placeholders, as <c>urn:dev:{cn}</c>. <c>{identity}</c> is the PSK identity, <c>{cn}</c> a
/// certificate's common name, <c>{san}</c> one of its alternative names, <c>{fingerprint}</c> that of a public key or certificate, <c>*</c> any text.
/// </summary>
public sealed record EndpointPattern
{
    private const int MaxLength = 255;
    private static readonly string[] _placeholders = ["{identity}", "{cn}", "{san}", "{fingerprint}", "*"];

    private readonly string[] _parts;   // literals and placeholders, as they follow one another

    private EndpointPattern(string text, string[] parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern: 1 to 255 characters, at most one <c>*</c> and one <c>{san}</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static EndpointPattern Parse(string text) =>
        TryParse(text, out var pattern, out var why) ? pattern : throw new FormatException(why);

    /// <summary>Reads a pattern. False when it is none; <paramref name="why"/> says why.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EndpointPattern? pattern, out string why)
    {
        pattern = null;
        why = "A pattern has 1 to 255 characters.";
        if (text is not { Length: > 0 and <= MaxLength })
        {
            return false;
        }
        var parts = new List<string>();
        for (var at = 0; at < text.Length; at += parts[^1].Length)
        {
            var part = Next(text, at);
            if (part[0] is '{' or '}' && !_placeholders.Contains(part))
            {
                why = $"There is no placeholder at '{text[at..]}'; there is {string.Join(", ", _placeholders)}.";
                return false;
            }
            parts.Add(part);
        }
        // More would have to be tried in combination.
        if (parts.Count(p => p == "*") > 1 || parts.Count(p => p == "{san}") > 1)
        {
            why = "A pattern has * and {san} at most once.";
            return false;
        }
        pattern = new EndpointPattern(text, [.. parts]);
        return true;
    }

    /// <summary>Whether an identity may take this name.</summary>
    public bool Allows(PeerIdentity identity, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(endpoint);
        foreach (var name in NamesOf(identity))
        {
            if (Write(identity, name) is { } wanted && Fits(wanted.Before, wanted.After, endpoint))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The one name that an identity may take; null when there is none, or more than one.</summary>
    public string? NameOf(PeerIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        string? only = null;
        foreach (var name in NamesOf(identity))
        {
            if (Write(identity, name) is not { } wanted)
            {
                continue;
            }
            if (wanted.After is not null || (only is not null && only != wanted.Before))
            {
                return null;
            }
            only = wanted.Before;
        }
        return only is { Length: > 0 } ? only : null;
    }

    /// <summary>Two patterns are equal when their texts are.</summary>
    public bool Equals(EndpointPattern? other) => other is not null && other.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <summary>The pattern as it was written.</summary>
    public override string ToString() => Text;

    private static string Next(string text, int at)
    {
        if (text[at] == '{')
        {
            var end = text.IndexOf('}', at);
            return end < 0 ? text[at..] : text[at..(end + 1)];
        }
        if (text[at] is '*' or '}')
        {
            return text[at..(at + 1)];
        }
        var literal = text.AsSpan(at).IndexOfAny("{}*");
        return literal < 0 ? text[at..] : text.Substring(at, literal);
    }

    // Which names stand for {san}, one after the other; one try without a name where the pattern asks for none.
    private ImmutableArray<string> NamesOf(PeerIdentity identity) =>
        !_parts.Contains("{san}") ? [""] : identity is PeerIdentity.Certificate certificate ? certificate.Names : [];

    // What has to stand before the * and behind it; After is null without a *. Null when the identity has not what the pattern asks for.
    private (string Before, string? After)? Write(PeerIdentity identity, string name)
    {
        var (before, text) = (default(string), "");
        foreach (var part in _parts)
        {
            if (part == "*")
            {
                (before, text) = (text, "");
                continue;
            }
            if (Fill(part, identity, name) is not { Length: > 0 } filled)
            {
                return null;
            }
            text += filled;
        }
        return before is null ? (text, null) : (before, text);
    }

    private static string? Fill(string part, PeerIdentity identity, string name) => part switch
    {
        "{identity}" => (identity as PeerIdentity.PreSharedKey)?.Identity,
        "{cn}" => (identity as PeerIdentity.Certificate)?.CommonName,
        "{san}" => name,
        "{fingerprint}" => identity switch
        {
            PeerIdentity.PublicKey key => key.Fingerprint,
            PeerIdentity.Certificate certificate => certificate.Fingerprint,
            _ => null,
        },
        _ => part,
    };

    private static bool Fits(string before, string? after, string endpoint) => after is null
        ? endpoint == before
        : endpoint.Length > before.Length + after.Length
            && endpoint.StartsWith(before, StringComparison.Ordinal) && endpoint.EndsWith(after, StringComparison.Ordinal);
}
