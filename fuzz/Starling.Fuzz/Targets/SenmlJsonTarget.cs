using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>application/senml+json.</summary>
public sealed class SenmlJsonTarget() : FormatTarget(ContentFormat.SenmlJson)
{
    public override string Name => "senml-json";

    public override IEnumerable<byte[]> Seeds => SeedsAt(
        "/",
        """[{"bn":"/","n":"1/0/2","v":101},{"n":"1/0/6","vb":true},{"n":"3/0/13","v":0}]"""u8.ToArray(),
        """[{"bn":"/3/0/","bt":1700000000,"n":"9","v":-1.5e2,"t":-5},{"n":"\u0030\/1","vs":"a\n\ud834\udd1e"}]"""u8.ToArray(),
        """ [ { "n" : "/42769/0/8" , "vd" : "-_8" , "x" : [ { } , null , false ] } ] """u8.ToArray(),
        """[{"bn":"/3/0/22/","n":"0","vlo":"16:0"}]"""u8.ToArray());

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        .. new[] { "{\"n\":\"", "\"bn\":\"/\"", "\"bt\":", "\"t\":", "\"v\":", "\"vs\":\"", "\"vb\":true", "\"vd\":\"", "\"vlo\":\"1:2\"", "\"x_\":", "\\u", "\\ud800", "1e308", "18446744073709551615", "/42769/65535/4", "},{", "null" }
            .Select(System.Text.Encoding.UTF8.GetBytes),
    ];
}
