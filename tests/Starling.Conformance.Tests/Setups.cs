using System.Collections.Frozen;
using Starling.Lwm2m;
using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>Which configuration each case runs with, and who is at the device. What is not named runs with C.1 and nobody.</summary>
internal static class Setups
{
    private static readonly Setup _minimal = new(Configurations.C1);

    private static readonly FrozenDictionary<string, Setup> _byId = new Dictionary<string, Setup>
    {
        ["1.1-int-102"] = new(Configurations.C1, Hands.ConnectAsync),
        ["1.1-int-103"] = new(Configurations.C3),
        ["1.1-int-105"] = new(Configurations.C1),
        ["1.1-int-108"] = new(Configurations.Sleeping(Configurations.C1)),
        ["1.1-int-109"] = new(Configurations.Sleeping(Configurations.C1)),
        ["1.2-int-110"] = new(Configurations.WithProfile(Configurations.C1)),
        ["1.2-int-111"] = new(Configurations.WithProfile(Configurations.C5)),
        ["1.1-int-204"] = new(Configurations.OfVersion(Lwm2mVersion.V10, Configurations.C1)),
        ["1.1-int-205"] = new(Configurations.C3),
        ["1.1-int-212"] = new(Configurations.C3),
        ["1.1-int-215"] = new(Configurations.C3),
        ["1.1-int-220"] = new(Configurations.OfVersion(Lwm2mVersion.V10, Configurations.C3)),
        ["1.1-int-228"] = new(Configurations.WithPortfolio(Configurations.C1)),
        ["1.1-int-233"] = new(Configurations.WithPortfolio(Configurations.C1)),
        ["1.1-int-234"] = new(Configurations.WithPortfolio(Configurations.C1)),
        ["1.1-int-230"] = new(Configurations.WithPortfolio(Configurations.C1)),
        ["1.1-int-257"] = new(Configurations.C6),
        ["1.1-int-260"] = new(Configurations.C4),
        ["1.2-int-264"] = new(Configurations.C4),
        ["1.2-int-266"] = new(Configurations.C4),
        ["1.1-int-301"] = new(Configurations.C4),
        ["1.1-int-302"] = new(Configurations.C4),
        ["1.1-int-303"] = new(Configurations.C4),
        ["1.1-int-306"] = new(Configurations.OfVersion(Lwm2mVersion.V11, Configurations.C1), Hands.SendAsync),
        ["1.1-int-307"] = new(Configurations.C1, Hands.SendAsync),
        ["1.1-int-308"] = new(Configurations.WithPortfolio(Configurations.C1)),
        ["1.1-int-309"] = new(Configurations.WithPortfolio(Configurations.C1)),
        ["1.1-int-311"] = new(Configurations.C1, Hands.SendAsync),
        ["1.2-int-312"] = new(Configurations.C4),
        ["1.2-int-313"] = new(Configurations.C4),
        ["1.1-int-402"] = new(Configurations.C17),
        ["1.1-int-403"] = new(Configurations.C17, Hands.NameAsync),
        ["1.1-int-651"] = new(Configurations.C6),
        ["1.1-int-652"] = new(Configurations.C6),
        ["1.1-int-701"] = new(Configurations.C5),
        ["1.1-int-710"] = new(Configurations.C5),
        ["1.1-int-751"] = new(Configurations.C8),
        ["1.1-int-755"] = new(Configurations.C8),
        ["1.1-int-756"] = new(Configurations.C8),
        ["1.1-int-760"] = new(Configurations.C8),
        ["1.1-int-770"] = new(Configurations.C8),
        ["1.1-int-771"] = new(Configurations.C8),
        ["1.1-int-772"] = new(Configurations.C8),
        ["1.1-int-776"] = new(Configurations.C8),
        ["1.1-int-777"] = new(Configurations.C8),
        ["1.1-int-778"] = new(Configurations.C8),
        ["1.1-int-773"] = new(Configurations.C8, Hands.FaultAsync),
        ["1.1-int-774"] = new(Configurations.C8, Hands.FaultAsync),
        ["1.1-int-779"] = new(Configurations.C8, Hands.FaultAsync),
        ["1.1-int-775"] = new(Configurations.C8, Hands.ConnectAsync),
        ["1.1-int-801"] = new(Configurations.C7),
        ["1.1-int-810"] = new(Configurations.C7),
        ["1.1-int-901"] = new(Configurations.C9),
        ["1.1-int-905"] = new(Configurations.C9),
        ["1.1-int-910"] = new(Configurations.C9),
        ["1.1-int-950"] = new(Configurations.C14),
        ["1.1-int-951"] = new(Configurations.C14),
        ["1.1-int-1200"] = new(Configurations.C10),
        ["1.1-int-1201"] = new(Configurations.C11),
        ["1.1-int-1202"] = new(Configurations.C11),
        ["1.1-int-1203"] = new(Configurations.C11),
        ["1.1-int-1204"] = new(Configurations.C10),
        ["CONMGMT-1.1-int-1250"] = new(Configurations.C10),
        ["CONMGMT-1.1-int-1350"] = new(Configurations.C10),
        ["1.1-int-1630"] = new(Configurations.C12),
        ["1.1-int-1635"] = new(Configurations.C12),
        ["1.1-int-1900"] = new(Configurations.C15, Hands.ChangeAsync),
        ["1.1-int-1901"] = new(Configurations.C15),
        ["1.1-int-2000"] = new(Configurations.C16),
        ["1.1-int-2001"] = new(Configurations.C16),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Setup For(string id) => _byId.TryGetValue(id, out var setup) ? setup : _minimal;
}
