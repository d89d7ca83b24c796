using System.Diagnostics.CodeAnalysis;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>What an Observe says besides its target: the option, and attributes for this observation alone in the query (LwM2M Core 1.2 §6.4.1, §6.4.4).</summary>
internal static class ObserveAttributes
{
    /// <summary>0 registers, 1 cancels. Observe is elective: another value is as if it were not there (RFC 7641 §2).</summary>
    public static uint? Option(CoapMessage message) => message.Options.Observe is { } value and <= 1 ? value : null;

    /// <summary>Adds the attributes as queries.</summary>
    /// <exception cref="ArgumentException">They cannot be those of an observation, or contradict each other.</exception>
    public static void Add(ref CoapOptionsBuilder options, NotificationAttributes? attributes, bool isComposite)
    {
        if (attributes is null)
        {
            return;
        }
        if (Refusal(attributes, isComposite) is { } why)
        {
            throw new ArgumentException(why, nameof(attributes));
        }
        AttributeQuery.Add(ref options, attributes);
    }

    /// <summary>Reads the queries; there is one at least. On failure <paramref name="error"/> is an answer of 4.00.</summary>
    public static bool TryRead(CoapMessage message, bool isComposite, [NotNullWhen(true)] out NotificationAttributes? attributes, out string error)
    {
        if (!AttributeQuery.TryParse(message.Options, out attributes, out error))
        {
            return false;
        }
        error = Refusal(attributes, isComposite) ?? "";
        return error.Length == 0;
    }

    private static string? Refusal(NotificationAttributes attributes, bool isComposite)
    {
        if (attributes.Unset != AttributeNames.None)
        {
            return "an attribute of Observe has a value";
        }
        return isComposite && (attributes.Names & ~AttributeNames.Composite) != 0
            ? "an Observe-Composite takes pmin, pmax, epmin, epmax and con only"
            : attributes.Conflict();
    }
}
