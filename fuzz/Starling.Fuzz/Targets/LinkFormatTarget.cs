using System.Text;
using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>Lists in CoRE link format, as such and as a registration's: what is accepted reads the same when it is written again.</summary>
public sealed class LinkFormatTarget : FuzzTarget
{
    private readonly LinkListCache _cache = new(capacity: 4);

    public override string Name => "link-format";

    public override IEnumerable<byte[]> Seeds =>
    [
        .. new[]
        {
            "</1/0>,</3/0>,</5>", "</lwm2m>;rt=\"oma.lwm2m\";ct=\"60 110 112\",</lwm2m/1>;ver=\"1.1\",</lwm2m/1/0>", "lwm2m=1.0,</0/0>;ssid=101;uri=\"coap://a\",</3/0>",
            " </1/0/> ;\ta = \"b \\\" c\" ; d ,\r\n</3/0/7>;dim=2;pmin=10", "</44/0>;ver=2.2,</0/1>,</21>,</23/0>",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        .. new[] { "</", ">,<", ">;", ";ver=1.1", ";rt=\"oma.lwm2m\"", ";ct=\"110\"", "=\"", "\\\"", "lwm2m=1.0,", "/65534", "/65535", "/0/", "</>" }.Select(Encoding.UTF8.GetBytes),
    ];

    public override int Run(ReadOnlySpan<byte> input)
    {
        var isFormat = LinkFormat.TryParse(input, out var links);
        var isList = _cache.TryParse(input, out var list);
        OracleException.Require(isFormat || !isList, "No link format, and yet a list of objects.");
        if (!isFormat)
        {
            return 1;
        }
        var written = LinkFormat.Write(links);
        OracleException.Require(LinkFormat.TryParse(written, out var again), $"Written again it is refused: {written}");
        OracleException.Require(LinkFormat.Write(again) == written, "Written twice it is another list.");
        OracleException.Require(again.Count == links.Count, "Another number of links.");
        if (!isList)
        {
            return 2;
        }
        RequireSound(list!);
        OracleException.Require(LinkList.TryParse(Encoding.UTF8.GetBytes(written), out var same), "Written again it is no list of objects.");
        OracleException.Require(same!.Paths.SequenceEqual(list!.Paths) && same.Root == list.Root && same.Formats.SequenceEqual(list.Formats), "Written again it lists other objects.");
        return 0x100 | Math.Min(list.Paths.Count, 7) | (list.Root.Length > 0 ? 8 : 0) | (list.Versions.Count > 0 ? 16 : 0) | (list.Formats.Count > 0 ? 32 : 0);
    }

    private static void RequireSound(LinkList list)
    {
        var last = Lwm2mPath.Root;
        foreach (var path in list.Paths)
        {
            OracleException.Require(path.Depth is 1 or 2 && path > last && path.ObjectId is not (0 or 21 or 23), $"{path} after {last}.");
            last = path;
        }
        var created = LinkList.Create(list.Paths, list.Versions, list.Root, list.Formats);
        OracleException.Require(LinkList.TryParse(Encoding.UTF8.GetBytes(created.Text), out var read) && read.Root == list.Root, $"Our own list is refused: {created.Text}");
    }
}
