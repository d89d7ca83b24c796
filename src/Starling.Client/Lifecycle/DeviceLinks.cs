using System.Security.Cryptography;
using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>The list of objects and instances that a device registers (LwM2M Core 1.2 §6.2.1), and the hash that may stand for it.</summary>
internal static class DeviceLinks
{
    // SHA-256 and its truncations, in bits, by the numbers of RFC 6920 §9.4.
    private static ReadOnlySpan<int> Bits => [0, 256, 128, 120, 96, 64, 32];

    /// <param name="tree">The device's objects.</param>
    /// <param name="enabler">The version that is spoken: what it implies is not told.</param>
    /// <param name="tellsFormats">Whether the root link tells the content formats.</param>
    public static LinkList Of(ObjectTree tree, Lwm2mVersion enabler, bool tellsFormats)
    {
        var formats = tellsFormats ? FormatsOf(enabler) : null;
        return LinkList.Create(Paths(tree), Versions(tree, o => EnablerVersions.MustTell(o.Id, o.Definition.Version, enabler)), formats: formats);
    }

    /// <summary>
    /// A dynamic profile id: the number of the hash, and the hash of the list with the version of every object. How the list is written for it is the
    /// device's choice; servers take the id as it comes.
    /// </summary>
    /// <param name="tree">The device's objects.</param>
    /// <param name="suite">1 to 6.</param>
    public static string ProfileId(ObjectTree tree, int suite)
    {
        var list = LinkList.Create(Paths(tree), Versions(tree, static _ => true));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(list.Text));
        return $"{suite}:{Convert.ToHexStringLower(hash.AsSpan(0, Bits[suite] / 8))}";
    }

    private static List<Lwm2mPath> Paths(ObjectTree tree)
    {
        var paths = new List<Lwm2mPath>();
        foreach (var each in tree.Objects)
        {
            paths.Add(new Lwm2mPath(each.Id));
            paths.AddRange(each.Instances.Select(i => i.Path));
        }
        return paths;   // the list itself leaves out those that servers never see
    }

    private static Dictionary<int, ObjectVersion> Versions(ObjectTree tree, Func<TreeObject, bool> isTold) =>
        tree.Objects.Where(o => !Target.IsSecret(o.Id) && isTold(o)).ToDictionary(o => o.Id, o => o.Definition.Version);

    // Numbers ascend; a 1.0 server expects none of them, and LwM2M CBOR came with 1.2.
    private static ContentFormat[]? FormatsOf(Lwm2mVersion enabler) => enabler < Lwm2mVersion.V11
        ? null
        : [.. ContentCodecs.All.Select(c => c.Format).Where(f => IsTold(f, enabler)).OrderBy(f => f.Value)];

    private static bool IsTold(ContentFormat format, Lwm2mVersion enabler) =>
        format == ContentFormat.Cbor || format == ContentFormat.SenmlJson || format == ContentFormat.SenmlCbor || format == ContentFormat.Tlv
        || (format == ContentFormat.Lwm2mCbor && enabler >= Lwm2mVersion.V12);
}
