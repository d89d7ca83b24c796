using System.Text;
using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>Files of object definitions. Whatever the bytes are, there are definitions or errors, never both, and definitions that can be looked up.</summary>
public sealed class ObjectXmlTarget : FuzzTarget
{
    private const string Example = """
        <?xml version="1.0" encoding="utf-8"?>
        <LWM2M><!-- c --><Object ObjectType="MODefinition"><Name>Pump</Name><Description1><![CDATA[x]]></Description1><ObjectID>26241</ObjectID>
        <ObjectURN>urn:oma:lwm2m:x:26241:1.1</ObjectURN><LWM2MVersion>1.1</LWM2MVersion><ObjectVersion>1.1</ObjectVersion>
        <MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory><Resources><Item ID="1"><Name>A</Name><Operations>RW</Operations>
        <MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory><Type>Integer</Type><RangeEnumeration>0..9</RangeEnumeration>
        <Units>s</Units><Description>d &amp; e</Description></Item></Resources><Description2/></Object></LWM2M>
        """;

    public override string Name => "object-xml";

    public override long AllocationLimit(int length) => (1L << 20) + (1024L * length);   // the platform's XML reader takes its share

    public override IEnumerable<byte[]> Seeds => [Encoding.UTF8.GetBytes(Example), [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Example)], "<LWM2M/>"u8.ToArray()];

    public override IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. new[]
        {
            "<LWM2M>", "</LWM2M>", "<Object>", "</Object>", "<Resources>", "<Item ID=\"", "</Item>", "<Name>", "<Type>", "Unsigned Integer", "<!DOCTYPE LWM2M [",
            "<!ENTITY a \"b\">", "]>", "&a;", "&#0;", "&#x10FFFF;", "<![CDATA[", "]]>", "<!--", "-->", "<?x", "?>", "encoding=\"utf-16\"", "65535", "xmlns:a=\"b\"",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override int Run(ReadOnlySpan<byte> input)
    {
        var isGood = DefinitionXml.TryRead(input.ToArray(), out var definitions, out var errors);
        OracleException.Require(isGood == (errors.Count == 0) && isGood == (definitions.Count > 0), "Definitions and errors, or neither.");
        foreach (var definition in definitions)
        {
            OracleException.Require(definition.Id is >= 0 and <= Lwm2mPath.MaxId && definition.Name.Length > 0, "An object without number or name.");
            OracleException.Require(definition.Resources.All(r => definition.Find(r.Id) == r), "A resource that is not found.");
        }
        foreach (var error in errors)
        {
            OracleException.Require(error.Message.Length > 0 && error.ToString().Length < 2000, "An error that says nothing or too much.");
        }
        return isGood ? 1000 + definitions[0].Resources.Count : Math.Min(errors.Count, 9) + (errors[0].Message.Length % 64 * 10);
    }
}
