using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Starling.Lwm2m;

/// <summary>
/// Lists in CoRE link format (content format 40; RFC 6690). Reading is lenient as devices need it: white space, values with and without quotes,
/// attributes without value, unknown ones, and the old form that begins with a bare <c>lwm2m=1.0</c>, which is read as a link to <c>/</c>.
/// </summary>
public static class LinkFormat
{
    private static readonly SearchValues<char> _plain = SearchValues.Create("0123456789.-");
    private static readonly SearchValues<char> _notInName = SearchValues.Create(" \t\r\n,;=\"<>");

    /// <summary>Reads a list. It never throws, and it allocates in proportion to the text.</summary>
    /// <param name="utf8">The list; empty is a list without links.</param>
    /// <param name="links">The links in their order; empty when the text is no list or is beyond the limits.</param>
    /// <param name="limits">How much is taken; null for <see cref="LinkLimits.Standard"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out IReadOnlyList<CoreLink> links, LinkLimits? limits = null)
    {
        limits ??= LinkLimits.Standard;
        links = [];
        if (utf8.Length > limits.MaxBytes || !Utf8.IsValid(utf8))
        {
            return false;
        }
        var read = new List<CoreLink>();
        var reader = new LinkReader(utf8);
        while (reader.TryReadLink(out var target))
        {
            if (read.Count == limits.MaxLinks || !TryReadAttributes(ref reader, limits, out var attributes))
            {
                return false;
            }
            read.Add(new CoreLink(Encoding.UTF8.GetString(target), attributes));
        }
        if (reader.Failed)
        {
            return false;
        }
        links = read;
        return true;
    }

    /// <summary>Reads a list from a string, as a resource of type Corelnk holds it.</summary>
    public static bool TryParse(string text, out IReadOnlyList<CoreLink> links, LinkLimits? limits = null) =>
        TryParse(Encoding.UTF8.GetBytes(text), out links, limits);

    /// <summary>Writes a list as UTF-8: numbers and versions bare, every other value between quotes, no white space.</summary>
    /// <exception cref="ArgumentException">A target or a name has characters that cannot stand there.</exception>
    public static void Write(IEnumerable<CoreLink> links, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Encoding.UTF8.GetBytes(Write(links), output);
    }

    /// <summary>Writes a list as a string.</summary>
    /// <exception cref="ArgumentException">A target or a name has characters that cannot stand there.</exception>
    public static string Write(IEnumerable<CoreLink> links)
    {
        ArgumentNullException.ThrowIfNull(links);
        var text = new StringBuilder();
        foreach (var link in links)
        {
            Append(text, link);
        }
        return text.ToString();
    }

    private static bool TryReadAttributes(ref LinkReader reader, LinkLimits limits, [NotNullWhen(true)] out IReadOnlyList<KeyValuePair<string, string?>>? attributes)
    {
        attributes = null;
        List<KeyValuePair<string, string?>>? read = null;
        while (reader.TryReadAttribute(out var attribute))
        {
            read ??= [];
            if (read.Count == limits.MaxAttributes)
            {
                return false;
            }
            read.Add(new(Encoding.UTF8.GetString(attribute.Name), attribute.Text()));
        }
        attributes = read ?? (IReadOnlyList<KeyValuePair<string, string?>>)[];
        return !reader.Failed;
    }

    private static void Append(StringBuilder text, CoreLink link)
    {
        if (link.Target.Contains('>', StringComparison.Ordinal) || HasControl(link.Target))
        {
            throw new ArgumentException($"The target '{link.Target}' cannot stand in a link.", nameof(link));
        }
        text.Append(text.Length > 0 ? "," : "").Append('<').Append(link.Target).Append('>');
        foreach (var (name, value) in link.Attributes)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny(_notInName) || HasControl(name))
            {
                throw new ArgumentException($"The attribute name '{name}' cannot stand in a link.", nameof(link));
            }
            text.Append(';').Append(name);
            if (value is not null)
            {
                AppendValue(text.Append('='), value);
            }
        }
    }

    private static void AppendValue(StringBuilder text, string value)
    {
        if (value.Length > 0 && !value.AsSpan().ContainsAnyExcept(_plain))
        {
            text.Append(value);
            return;
        }
        if (HasControl(value))
        {
            throw new ArgumentException("A link's attribute has control characters.", nameof(value));
        }
        text.Append('"').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
    }

    private static bool HasControl(string text) => text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f', StringComparison.Ordinal);
}
