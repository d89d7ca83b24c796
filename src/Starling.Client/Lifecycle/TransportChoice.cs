using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>Over which transport a server is talked to (LwM2M Core 1.2 §6.2.1.2): bindings as letters, and the URI that goes with one.</summary>
internal static class TransportChoice
{
    /// <summary>
    /// The letters that count, the best one first: what the server told to use now, the preferred transport, then those of its binding that the device has.
    /// </summary>
    /// <param name="told">From Registration Update Trigger (/1/x/8); null for none.</param>
    /// <param name="preferred">/1/x/22; null for none.</param>
    /// <param name="configured">/1/x/7.</param>
    /// <param name="supported">/3/0/16.</param>
    public static IEnumerable<char> Letters(char? told, string? preferred, string configured, string supported)
    {
        var usable = configured.Where(c => supported.Contains(c, StringComparison.Ordinal) && c != 'Q');
        var first = new[] { told, preferred is [var letter] ? letter : null };
        return first.OfType<char>().Where(c => supported.Contains(c, StringComparison.Ordinal)).Concat(usable).Append('U').Distinct();
    }

    /// <summary>The URI that goes with the best letter that has one; the first URI when none has.</summary>
    public static Uri UriFor(IEnumerable<char> letters, IReadOnlyList<Uri> uris) =>
        letters.Select(letter => uris.FirstOrDefault(uri => LetterOf(uri) == letter)).OfType<Uri>().FirstOrDefault() ?? uris[0];

    /// <summary>The letter that the argument 0 of Registration Update Trigger names; null when there is none.</summary>
    /// <exception cref="Lwm2mException">It is no letter (4.00), or one that the device does not have or the account does not list (4.05).</exception>
    public static char? Told(string? arguments, string configured, string supported)
    {
        if (!ExecuteArguments.TryParse(arguments, out var list))
        {
            throw new Lwm2mException(CoapCode.BadRequest, $"'{arguments}' are no arguments");
        }
        if (!list.Any(a => a.Key == 0))
        {
            return null;
        }
        if (list.First(a => a.Key == 0).Value is not [var letter and (>= 'A' and <= 'Z')])
        {
            throw new Lwm2mException(CoapCode.BadRequest, "argument 0 is the letter of a binding");
        }
        return configured.Contains(letter, StringComparison.Ordinal) && supported.Contains(letter, StringComparison.Ordinal)
            ? letter
            : throw new Lwm2mException(CoapCode.MethodNotAllowed, $"{letter} is no binding of both '{configured}' (/1/x/7) and '{supported}' (/3/0/16)");
    }

    private static char LetterOf(Uri uri) => uri.Scheme switch
    {
        "coap" or "coaps" => 'U',
        "coap+tcp" or "coaps+tcp" => 'T',
        "mqtt" or "mqtts" => 'M',
        "http" or "https" => 'H',
        "tel" or "sms" => 'S',
        _ => 'N',
    };
}
