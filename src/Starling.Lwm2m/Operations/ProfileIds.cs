using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Starling.Lwm2m;

/// <summary>The value of <c>pid</c> in Register and Update (LwM2M Core 1.2 §6.2.1): ids that stand for lists of objects and instances.</summary>
/// <code>
/// pid   = id | DQUOTE id *( "," id ) DQUOTE
/// id    = suite ":" 8*64lowerhex | "oma:" token | "v:" token
/// suite = "1" … "6", the length of SHA-256 that is kept (RFC 6920 §9.4)      token = 1*( ALPHA | DIGIT | "-" )
/// </code>
internal static class ProfileIds
{
    /// <summary>How many ids a request may have.</summary>
    public const int MaxCount = 16;

    private const int MaxLength = 255;   // of a query (RFC 7252 §5.10), with its name
    private const int LeastDigits = 8;
    private const int MostDigits = 64;

    private static readonly SearchValues<char> _hex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> _token = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");

    /// <summary>Reads a value; an id that stands twice counts once.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, [NotNullWhen(true)] out IReadOnlyList<string>? ids)
    {
        ids = null;
        if (value.Length is 0 or > MaxLength || !Ascii.IsValid(value))
        {
            return false;
        }
        var text = Encoding.ASCII.GetString(value);
        var isList = text.Length >= 2 && text[0] == '"' && text[^1] == '"';
        var found = (isList ? text[1..^1] : text).Split(',');
        if (found.Length > (isList ? MaxCount : 1) || !Array.TrueForAll(found, IsValid))
        {
            return false;
        }
        ids = [.. found.Distinct()];
        return true;
    }

    /// <summary>Writes a value.</summary>
    /// <exception cref="ArgumentException">There is no id, or one that is none, or they are too many or too long for one query.</exception>
    public static string Write(IReadOnlyList<string> ids)
    {
        var text = ids.Count == 1 ? ids[0] : $"\"{string.Join(',', ids)}\"";
        return ids.Count is > 0 and <= MaxCount && ids.All(IsValid) && text.Length + "pid=".Length <= MaxLength
            ? text
            : throw new ArgumentException($"{text} is no list of profile ids.", nameof(ids));
    }

    private static bool IsValid(string id)
    {
        var colon = id.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }
        var rest = id.AsSpan(colon + 1);
        return id.AsSpan(0, colon) switch
        {
            "oma" or "v" => rest.Length > 0 && !rest.ContainsAnyExcept(_token),
            [>= '1' and <= '6'] => rest.Length is >= LeastDigits and <= MostDigits && !rest.ContainsAnyExcept(_hex),
            _ => false,
        };
    }
}
