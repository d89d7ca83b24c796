using Starling.Testing;

namespace Starling.Lwm2m.Tests;

public class StandardObjectsTests
{
    private const string Folder = "lwm2m-registry";

    [Fact]
    public void Every_object_that_is_promised_is_there()
    {
        int[] core = [.. Enumerable.Range(0, 17), .. Enumerable.Range(19, 9)];

        Assert.All(core, id => Assert.NotNull(ObjectCatalog.Standard.Find(id)));
        Assert.InRange(ObjectCatalog.Standard.All.Count(d => d.Id is >= 3200 and <= 3350), 80, 200);
    }

    [Theory]
    [InlineData("1.0", "0:1.0 1:1.0 2:1.0 3:1.0 4:1.0 5:1.0 6:1.0 7:1.0")]
    [InlineData("1.1", "0:1.1 1:1.1 2:1.0 3:1.1 4:1.2 5:1.0 6:1.0 7:1.0 21:1.0")]
    [InlineData("1.2", "0:1.2 1:1.2 2:1.1 3:1.2 4:1.3 5:1.1 6:1.0 7:1.0 21:2.0 23:1.0 24:1.0 25:1.0 26:1.0 27:1.0")]
    public void Every_version_that_an_enabler_implies_is_there(string enabler, string versions)
    {
        Assert.True(Lwm2mVersion.TryParse(enabler, out var parsed));
        var view = ObjectCatalog.Standard.ViewFor(LinkList.None, parsed);

        Assert.Equal(versions, string.Join(' ', versions.Split(' ').Select(v => int.Parse(v[..v.IndexOf(':')], System.Globalization.CultureInfo.InvariantCulture)).Select(id => $"{id}:{view.FindObject(id)!.Version}")));
    }

    [Fact]
    public void Definitions_are_complete()
    {
        foreach (var definition in ObjectCatalog.Standard.All)
        {
            Assert.True(definition.Urn.StartsWith($"urn:oma:lwm2m:{(definition.Id < 3200 ? "oma" : definition.Id < 32_769 ? "ext" : "x")}:{definition.Id}", StringComparison.Ordinal), definition.Urn);
            Assert.EndsWith(".", definition.Description);
            Assert.All(definition.Resources, r => Assert.True(r.Description.EndsWith('.') && r.Description.Length < 140, $"/{definition.Id}/x/{r.Id}: {r.Description}"));
            Assert.All(definition.Resources, r => Assert.Equal((r.Operations & ResourceOperations.Execute) != 0, r.Type == ValueKind.None));
        }
    }

    [TestDataFact(Folder)]
    public void Facts_are_those_of_the_registry_and_words_are_our_own()
    {
        var registry = new Dictionary<(int, ObjectVersion), ObjectDefinition>();
        foreach (var file in RegistryTests.ObjectFiles())
        {
            using var stream = File.OpenRead(file);
            DefinitionXml.TryRead(stream, out var read, out _);
            foreach (var definition in read)
            {
                registry[(definition.Id, definition.Version)] = definition;
            }
        }
        var count = 0;
        foreach (var ours in ObjectCatalog.Standard.All)
        {
            if (!registry.TryGetValue((ours.Id, ours.Version), out var theirs) && ours.Id > 32_768)
            {
                count++;
                continue;   // a vendor's: the registry's files at hand may be older than it
            }
            Assert.NotNull(theirs);
            Assert.Equal(Facts(theirs), Facts(ours));
            Assert.NotEqual(theirs.Description, ours.Description);
            Assert.All(ours.Resources.Zip(theirs.Resources), pair => Assert.NotEqual(pair.Second.Description, pair.First.Description, StringComparer.OrdinalIgnoreCase));
            count++;
        }
        Assert.Equal(ObjectCatalog.Standard.All.Count(), count);
    }

    private static List<string> Facts(ObjectDefinition definition) =>
    [
        $"{definition.Id} {definition.Version} {definition.Urn} {definition.IsMultiple} {definition.IsMandatory} {definition.Enabler}",
        .. definition.Resources.Select(r => $"{r.Id} {r.Operations} {r.Type} {r.IsMultiple} {r.IsMandatory} {r.Units}"),
    ];
}
