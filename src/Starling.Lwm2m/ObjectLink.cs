using System.Globalization;

namespace Starling.Lwm2m;

/// <summary>An object link (Core 1.2 appendix C): <c>3:0</c>. 65535 as the instance names the object itself; 65535:65535 is no link.</summary>
public readonly record struct ObjectLink(ushort ObjectId, ushort InstanceId)
{
    /// <summary>65535:65535, the link to nothing.</summary>
    public static ObjectLink Null => new(ushort.MaxValue, ushort.MaxValue);

    /// <summary>Reads <c>3:0</c>; <c>FFFF:FFFF</c> is taken for the null link too.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ObjectLink link)
    {
        link = default;
        if (text.Equals("FFFF:FFFF", StringComparison.OrdinalIgnoreCase))
        {
            link = Null;
            return true;
        }
        var colon = text.IndexOf(':');
        if (colon < 0
            || !ushort.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var objectId)
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var instanceId))
        {
            return false;
        }
        link = new ObjectLink(objectId, instanceId);
        return true;
    }

    /// <summary>As it is written: <c>3:0</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ObjectId}:{InstanceId}");
}
