namespace Starling.Conformance.Tests;

/// <summary>
/// The ids of the OMA test specification (LightweightM2M INT 1.2 of 2023-10-03) that have a procedure: 118. Others are placeholders, point to
/// one of these or say that there is nothing to do.
/// </summary>
internal static class OmaCases
{
    private const string Bootstrap = "bootstrap", Tls = "TLS", Oscore = "OSCORE", Tcp = "CoAP over TCP", Mqtt = "MQTT", Est = "EST";

    /// <summary>All ids, by their chapters.</summary>
    public static IReadOnlyList<string> Ids { get; } =
    [
        .. Of11(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), .. Of12(11, 12, 19),
        .. Of11(101, 102, 103, 104, 105, 106, 107, 108, 109), .. Of12(110, 111),
        .. Of11(201, 203, 204, 205, 211, 212, 215, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 241, 256, 257, 260, 261),
        .. Of12(264, 266), .. Of11(280, 281),
        .. Of11(301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311), .. Of12(312, 313),
        .. Of11(401, 402, 403, 404, 405, 406),
        .. Of11(651, 652, 680, 685, 701, 710, 751, 755, 756, 760, 770, 771, 772, 773, 774, 775, 776, 777, 778, 779, 801, 810, 901, 905, 910, 950, 951),
        .. Of11(1200, 1201, 1202, 1203, 1204), "CONMGMT-1.1-int-1250", "CONMGMT-1.1-int-1350", .. Of11(1630, 1635, 1900, 1901, 2000, 2001),
    ];

    /// <summary>The one whose procedure another id has since 1.2.1.</summary>
    public static string AliasOf(string id) => id == "1.1-int-229" ? "1.1-int-280" : id;

    /// <summary>What a case without a procedure here waits for.</summary>
    public static string WaitsFor(string id) => id switch
    {
        "1.1-int-10" => Est,
        "1.2-int-11" or "1.1-int-405" => Oscore,
        "1.2-int-19" => Mqtt,
        "1.1-int-106" => Tcp,
        "1.1-int-404" or "1.1-int-406" => Tls,
        _ when Number(id) <= 12 => Bootstrap,
        _ => "its procedure",
    };

    private static int Number(string id) => int.Parse(id.AsSpan(id.LastIndexOf('-') + 1), System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Of11(params int[] numbers) => numbers.Select(n => $"1.1-int-{n}");

    private static IEnumerable<string> Of12(params int[] numbers) => numbers.Select(n => $"1.2-int-{n}");
}
