using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>Notification attributes in a query. What is accepted must be the same after it was written and read again.</summary>
public sealed class AttributeQueryTarget : FuzzTarget
{
    public override string Name => "attribute-query";

    public override int MaxLength => 512;

    public override IEnumerable<byte[]> Seeds =>
        ["pmin=10&pmax=60&gt=42.5&lt=-3&st=0.5"u8.ToArray(), "pmin&pmax=&st"u8.ToArray(), "gt=1e300&lt=-1E-300&st=+.5"u8.ToArray(), "epmin=1&epmax=20&edge=1&con=0&hqmax=9"u8.ToArray()];

    public override IReadOnlyList<byte[]> Dictionary =>
    [
        "pmin="u8.ToArray(), "pmax="u8.ToArray(), "gt="u8.ToArray(), "lt="u8.ToArray(), "st="u8.ToArray(), "epmin="u8.ToArray(), "epmax="u8.ToArray(), "edge="u8.ToArray(),
        "con="u8.ToArray(), "hqmax="u8.ToArray(), "&"u8.ToArray(), "="u8.ToArray(),
        "4294967295"u8.ToArray(), "1e308"u8.ToArray(), "5e-324"u8.ToArray(), "NaN"u8.ToArray(), "Infinity"u8.ToArray(), "-0"u8.ToArray(),
    ];

    public override int Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.Latin1.GetString(input);
        if (!AttributeQuery.TryParse(text, out var attributes, out var error))
        {
            OracleException.Require(error.Length > 0, "An error without words.");
            return error.Length;
        }
        var options = new CoapOptionsBuilder();
        AttributeQuery.Add(ref options, attributes);
        OracleException.Require(AttributeQuery.TryParse(options.Build(), out var again, out error), $"What was written is refused: {error}");
        OracleException.Require(attributes == again, $"{attributes} became {again}.");
        _ = (attributes.Conflict(), attributes.EffectiveMaximumPeriod, attributes.Apply(attributes), attributes.InheritFrom(attributes));
        return 1000 + ((int)attributes.Names << 10) + (int)attributes.Unset;
    }
}
