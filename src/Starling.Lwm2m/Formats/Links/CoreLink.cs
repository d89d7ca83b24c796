namespace Starling.Lwm2m;

/// <summary>One link of a list in CoRE link format (RFC 6690): a target and its attributes, in order.</summary>
/// <param name="Target">What stands between the angle brackets.</param>
/// <param name="Attributes">Names and values; a value is null for a name alone, and without its quotes.</param>
public sealed record CoreLink(string Target, IReadOnlyList<KeyValuePair<string, string?>> Attributes)
{
    /// <summary>Makes a link without attributes.</summary>
    public CoreLink(string target) : this(target, []) { }

    /// <summary>The value of an attribute; null when it is absent or has none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in Attributes)
            {
                if (string.Equals(key, name, StringComparison.Ordinal))
                {
                    return value;
                }
            }
            return null;
        }
    }
}
