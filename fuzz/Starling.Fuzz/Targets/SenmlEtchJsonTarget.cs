using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>application/senml-etch+json.</summary>
public sealed class SenmlEtchJsonTarget() : FormatTarget(ContentFormat.SenmlEtchJson)
{
    public override string Name => "senml-etch-json";

    public override IEnumerable<byte[]> Seeds => SeedsAt(
        "/",
        """[{"n":"/3/0/0"},{"n":"/1/0/1"}]"""u8.ToArray(),
        """[{"bn":"/3/0/","n":"0","t":1,"u":"m"},{"n":"9"},{"bn":"/"}]"""u8.ToArray(),
        """[{"n":"/1/0/1","v":60},{"n":"/16/0/0/2","v":null}]"""u8.ToArray(),
        """[{"bn":"/42769/0/","n":"8","vd":"-_8"},{"n":"104/1","v":null},{"n":"10","vlo":"16:0"}]"""u8.ToArray());

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        .. new[] { "{\"n\":\"", "\"bn\":\"/\"", "\"t\":", "\"v\":null", "\"v\":", "\"vs\":\"", "\"vb\":true", "\"u\":\"\"", "\"x_\":", "\"s\":", "/42769/0/104/1", "},{" }
            .Select(System.Text.Encoding.UTF8.GetBytes),
    ];
}
