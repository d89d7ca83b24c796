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

    /// <summary>The target as an LwM2M path. A slash at the end is left aside, and so is the alternate path in front.</summary>
    /// <param name="root">The alternate path, as in <c>/lwm2m</c>; empty for none.</param>
    /// <param name="path">The path; <c>/</c> for the alternate path itself.</param>
    public bool TryGetPath(string root, out Lwm2mPath path)
    {
        var target = Target.AsSpan();
        if (!string.IsNullOrEmpty(root) && target.StartsWith(root, StringComparison.Ordinal) && (target.Length == root.Length || target[root.Length] == '/'))
        {
            target = target[root.Length..];
        }
        else if (!target.StartsWith('/'))
        {
            path = default;
            return false;
        }
        return Lwm2mPath.TryParse(target.Length > 1 && target[^1] == '/' ? target[..^1] : target, out path);
    }
}
