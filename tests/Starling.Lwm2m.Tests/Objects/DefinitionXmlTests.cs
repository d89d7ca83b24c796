using System.Text;

namespace Starling.Lwm2m.Tests;

public class DefinitionXmlTests
{
    private const string Item = """<Item ID="1"><Name>A</Name><Operations>RW</Operations><MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory><Type>Integer</Type><RangeEnumeration>0..9</RangeEnumeration><Units>s</Units><Description>What A is.</Description></Item>""";

    [Fact]
    public void Object_is_read_with_all_its_facts()
    {
        var definition = Read(File(Item));

        Assert.Equal(26241, definition.Id);
        Assert.Equal("Pump", definition.Name);
        Assert.Equal(new ObjectVersion(1, 1), definition.Version);
        Assert.Equal(Lwm2mVersion.V11, definition.Enabler);
        Assert.Equal("urn:oma:lwm2m:x:26241:1.1", definition.Urn);
        Assert.True(definition.IsMultiple);
        Assert.False(definition.IsMandatory);
        Assert.Equal("Pumps & valves.", definition.Description);
        Assert.Equal(
            new ResourceDefinition
            {
                Id = 1,
                Name = "A",
                Operations = ResourceOperations.Read | ResourceOperations.Write,
                Type = ValueKind.Integer,
                Range = "0..9",
                Units = "s",
                Description = "What A is.",
            },
            Assert.Single(definition.Resources));
    }

    [Theory]
    [InlineData("String", ValueKind.String)]
    [InlineData("Integer", ValueKind.Integer)]
    [InlineData("Unsigned Integer", ValueKind.Unsigned)]
    [InlineData("Float", ValueKind.Float)]
    [InlineData("boolean", ValueKind.Boolean)]
    [InlineData("Opaque", ValueKind.Opaque)]
    [InlineData("Time", ValueKind.Time)]
    [InlineData("Objlnk", ValueKind.ObjectLink)]
    [InlineData(" CoreLnk ", ValueKind.CoreLink)]
    [InlineData("", ValueKind.None)]
    public void Types_are_known_in_any_case(string type, ValueKind kind) =>
        Assert.Equal(kind, Read(File(Item.Replace("<Type>Integer", $"<Type>{type}", StringComparison.Ordinal))).Find(1)!.Type);

    [Fact]
    public void What_is_executed_has_neither_type_nor_instances()
    {
        var item = Item.Replace(">RW<", ">E<", StringComparison.Ordinal).Replace("Single", "Multiple", StringComparison.Ordinal);
        var resource = Read(File(item)).Find(1)!;

        Assert.Equal(ResourceOperations.Execute, resource.Operations);
        Assert.Equal(ValueKind.None, resource.Type);
        Assert.False(resource.IsMultiple);
    }

    [Fact]
    public void Versions_that_are_not_told_are_1_0()
    {
        var file = File(Item).Replace("<ObjectVersion>1.1</ObjectVersion>", "", StringComparison.Ordinal).Replace("<LWM2MVersion>1.1</LWM2MVersion>", "<LWM2MVersion/>", StringComparison.Ordinal);

        Assert.Equal(ObjectVersion.V10, Read(file).Version);
        Assert.Equal(Lwm2mVersion.V10, Read(file).Enabler);
    }

    [Fact]
    public void Markup_and_character_data_in_a_text_become_text() =>
        Assert.Equal("a <b> c d", Read(File(Item.Replace("What A is.", "<![CDATA[a <b> ]]>c <i>d</i>", StringComparison.Ordinal))).Find(1)!.Description);

    [Fact]
    public void Objects_of_one_file_are_all_read()
    {
        var one = File(Item);
        var two = one.Replace("</LWM2M>", one[one.IndexOf("<Object ", StringComparison.Ordinal)..].Replace("26241", "26242", StringComparison.Ordinal), StringComparison.Ordinal);

        Assert.True(DefinitionXml.TryRead(Encoding.UTF8.GetBytes(two), out var definitions, out _));
        Assert.Equal([26241, 26242], definitions.Select(d => d.Id));
    }

    [Theory]
    [InlineData("<Name>A</Name>", "", "resource 1 has no Name")]
    [InlineData("<Operations>RW</Operations>", "", "resource 1 has no Operations")]
    [InlineData("<Type>Integer</Type>", "", "resource 1 has no Type")]
    [InlineData("<Mandatory>Optional</Mandatory><Type>", "<Type>", "resource 1 has no Mandatory")]
    [InlineData(">RW<", ">RE<", "Operations 'RE'")]
    [InlineData(">Integer<", ">Int<", "Type 'Int'")]
    [InlineData(">Single<", ">Many<", "MultipleInstances 'Many'")]
    [InlineData(">Optional</Mandatory><Type>", ">May</Mandatory><Type>", "Mandatory 'May'")]
    [InlineData("ID=\"1\"", "", "the resource has no ID")]
    [InlineData("ID=\"1\"", "ID=\"65535\"", "ID '65535'")]
    [InlineData("ID=\"1\"", "ID=\"-1\"", "ID '-1'")]
    [InlineData("<ObjectID>26241</ObjectID>", "", "no ObjectID")]
    [InlineData("<ObjectID>26241", "<ObjectID>x", "ObjectID 'x'")]
    [InlineData("<Name>Pump</Name>", "<Name> </Name>", "the object has no Name")]
    [InlineData("<ObjectVersion>1.1", "<ObjectVersion>one", "ObjectVersion 'one'")]
    [InlineData("<LWM2MVersion>1.1", "<LWM2MVersion>256.1", "LWM2MVersion '256.1'")]
    [InlineData("MODefinition", "CommonResources", "'CommonResources' is no object")]
    public void Error_says_what_and_where(string good, string bad, string said)
    {
        var file = File(Item);
        Assert.Contains(good, file, StringComparison.Ordinal);
        var error = Assert.Single(Refuse(file.Replace(good, bad, StringComparison.Ordinal)));

        Assert.Contains(said, error.Message);
        Assert.InRange(error.Line, 2, 16);
        Assert.StartsWith($"line {error.Line}, column {error.Column}: ", error.ToString());
    }

    [Fact]
    public void Resource_that_is_defined_twice_is_an_error() => Assert.Contains("defined twice", Assert.Single(Refuse(File(Item + Item))).Message);

    [Fact]
    public void Every_error_of_a_file_is_told() =>
        Assert.Equal(3, Refuse(File(Item.Replace("RW", "X", StringComparison.Ordinal).Replace("Integer", "Y", StringComparison.Ordinal) + Item.Replace("ID=\"1\"", "ID=\"z\"", StringComparison.Ordinal))).Count);

    [Theory]
    [InlineData("")]
    [InlineData("no xml")]
    [InlineData("<LWM2M>")]
    [InlineData("<LWM2M></LWM2M>")]
    [InlineData("<LWM2M><Object></LWM2M>")]
    [InlineData("<DDFList/>")]
    [InlineData("<?xml version='1.0' encoding='utf-7'?><LWM2M/>")]
    [InlineData("<?xml version='1.0' encoding='nonsense'?><LWM2M/>")]
    [InlineData("<LWM2M>\u0001</LWM2M>")]
    [InlineData("<LWM2M>&unknown;</LWM2M>")]
    public void What_is_no_file_of_definitions_is_an_error(string file) => Assert.NotEmpty(Refuse(file));

    [Fact]
    public void Document_type_is_refused_and_nothing_is_expanded_or_fetched()
    {
        var file = "<!DOCTYPE LWM2M [<!ENTITY a \"boom\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>" + File(Item).Replace("Pump", "&a;&b;", StringComparison.Ordinal);

        Assert.Contains("DTD", Assert.Single(Refuse(file)).Message);
    }

    [Fact]
    public void Limits_are_kept()
    {
        var many = string.Concat(Enumerable.Range(0, 20).Select(i => Item.Replace("ID=\"1\"", $"ID=\"{i}\"", StringComparison.Ordinal)));

        Assert.Contains("more than 10 resources", Assert.Single(Refuse(File(many), new DefinitionLimits { MaxResources = 10 })).Message);
        Assert.Contains("longer than 100", Assert.Single(Refuse(File(Item.Replace("What A is.", new string('x', 200), StringComparison.Ordinal)), new DefinitionLimits { MaxText = 100 })).Message);
        Assert.Contains("deeper than 32", Assert.Single(Refuse("<LWM2M>" + string.Concat(Enumerable.Repeat("<a>", 1000)))).Message);
        Assert.Contains("deeper than 32", Assert.Single(Refuse(File(Item.Replace("What A is.", string.Concat(Enumerable.Repeat("<a>", 1000)), StringComparison.Ordinal)))).Message);
        Assert.NotEmpty(Refuse(File(many), new DefinitionLimits { MaxCharacters = 1000 }));
        Assert.Equal(5, Refuse(File(many.Replace("RW", "X", StringComparison.Ordinal)), new DefinitionLimits { MaxErrors = 5 }).Count);
        Assert.Contains("more than 1 objects", Assert.Single(Refuse(File(Item).Replace("</LWM2M>", File(Item)["<LWM2M>".Length..], StringComparison.Ordinal), new DefinitionLimits { MaxObjects = 1 })).Message);
    }

    [Fact]
    public void Mutilated_files_are_refused_and_never_throw()
    {
        var good = Encoding.UTF8.GetBytes(File(Item));
        var random = new Random(3);
        for (var i = 0; i < 3000; i++)
        {
            var bad = good[..random.Next(good.Length / 2, good.Length - 10)];
            for (var n = random.Next(4); n > 0; n--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }
            Assert.False(DefinitionXml.TryRead(bad, out var definitions, out var errors));
            Assert.Empty(definitions);
            Assert.NotEmpty(errors);
        }
    }

    private static string File(string items) =>
        $"""
        <LWM2M>
          <Object ObjectType="MODefinition">
            <Name>Pump</Name>
            <Description1>Pumps &amp; valves.</Description1>
            <ObjectID>26241</ObjectID>
            <ObjectURN>urn:oma:lwm2m:x:26241:1.1</ObjectURN>
            <LWM2MVersion>1.1</LWM2MVersion>
            <ObjectVersion>1.1</ObjectVersion>
            <MultipleInstances>Multiple</MultipleInstances>
            <Mandatory>Optional</Mandatory>
            <Resources>{items}</Resources>
            <Description2></Description2>
            <Other><Thing/></Other>
          </Object>
        </LWM2M>
        """;

    private static ObjectDefinition Read(string file)
    {
        Assert.True(DefinitionXml.TryRead(Encoding.UTF8.GetBytes(file), out var definitions, out var errors), string.Join('\n', errors));
        return Assert.Single(definitions);
    }

    private static IReadOnlyList<DefinitionError> Refuse(string file, DefinitionLimits? limits = null)
    {
        Assert.False(DefinitionXml.TryRead(Encoding.UTF8.GetBytes(file), out var definitions, out var errors, limits));
        Assert.Empty(definitions);
        return errors;
    }
}
