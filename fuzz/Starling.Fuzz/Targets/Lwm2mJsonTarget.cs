using Starling.Coap;

namespace Starling.Fuzz.Targets;

/// <summary>application/vnd.oma.lwm2m+json.</summary>
public sealed class Lwm2mJsonTarget() : FormatTarget(ContentFormat.Lwm2mJson)
{
    public override string Name => "lwm2m-json";

    public override IEnumerable<byte[]> Seeds => SeedsAt(
        "/",
        """{"bn":"/3/0/","e":[{"n":"0","sv":"x"},{"n":"6/0","v":1},{"n":"22/0","ov":"16:0"}]}"""u8.ToArray(),
        """{"bn":"/42769/0/","bt":1700000000,"e":[{"n":"6","v":22.4,"t":-5},{"n":"6","v":-1.5e2}]}"""u8.ToArray(),
        """ { "e" : [ { "n" : "42769/0/8" , "sv" : "+/8=" , "x" : [ { } ] }, {"n":"/42769/0/7","bv":true} ], "bn" : "/" } """u8.ToArray(),
        """{"e":[]}"""u8.ToArray());

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        .. new[] { "{\"n\":\"", "\"bn\":\"/\"", "\"bt\":", "\"e\":[", "\"t\":-", "\"v\":", "\"sv\":\"", "\"bv\":true", "\"ov\":\"1:2\"", "\\u", "1e308", "/42769/65535/4", "},{", "null" }
            .Select(System.Text.Encoding.UTF8.GetBytes),
    ];
}
