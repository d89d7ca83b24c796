using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// The content formats of a device as far as they are known: what it announced when it registered, and what its refusals taught since. Immutable.
/// What the enabler's version implies is not told here. Decision 0073.
/// </summary>
public sealed class PeerFormats
{
    private readonly ContentFormat[] _refused = [];

    /// <summary>Makes what was announced.</summary>
    /// <param name="announced">The formats of the root link (<c>ct</c>); empty for none.</param>
    public PeerFormats(IReadOnlyList<ContentFormat> announced) => Announced = announced;

    private PeerFormats(IReadOnlyList<ContentFormat> announced, ContentFormat? preferred, ContentFormat[] refused)
        : this(announced)
    {
        Preferred = preferred;
        _refused = refused;
    }

    /// <summary>Nothing is known.</summary>
    public static PeerFormats Unknown { get; } = new([]);

    /// <summary>What the device announced.</summary>
    public IReadOnlyList<ContentFormat> Announced { get; }

    /// <summary>The format of several values in which it answered when it was left the choice, after it had refused another (4.06); null for none.</summary>
    public ContentFormat? Preferred { get; }

    /// <summary>The formats in which it refused bodies (4.15).</summary>
    public IReadOnlyList<ContentFormat> Refused => _refused;

    /// <summary>Whether it announced a format.</summary>
    public bool Announces(ContentFormat format) => Contains(Announced, format);

    /// <summary>Whether it refused a body in a format (4.15).</summary>
    public bool Refuses(ContentFormat format) => Contains(_refused, format);

    /// <summary>The same with the format in which the device answers.</summary>
    public PeerFormats Preferring(ContentFormat format) => Preferred == format ? this : new(Announced, format, _refused);

    /// <summary>The same with a format in which it refuses bodies. One of several values, or of a composite: the others are not chosen by what they carry.</summary>
    public PeerFormats Refusing(ContentFormat format) =>
        Refuses(format) || !FormatChoice.IsChosen(format) ? this : new(Announced, Preferred, [.. _refused, format]);

    private static bool Contains(IReadOnlyList<ContentFormat> formats, ContentFormat format)
    {
        for (var i = 0; i < formats.Count; i++)
        {
            if (formats[i] == format)
            {
                return true;
            }
        }
        return false;
    }
}
