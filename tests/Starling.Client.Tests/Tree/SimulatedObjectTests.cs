using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class SimulatedObjectTests
{
    public static TheoryData<string> Standard => [.. ObjectCatalog.Standard.All.Select(d => $"{d.Id} {d.Version}")];

    [Theory]
    [MemberData(nameof(Standard))]
    public void Every_standard_object_can_be_simulated(string name)
    {
        var parts = name.Split(' ');
        Assert.True(ObjectVersion.TryParse(parts[1], out var version));
        AssertFits(ObjectCatalog.Standard.Find(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), version)!);
    }

    [Fact]
    public void Every_registered_object_can_be_simulated()
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("STARLING_TEST_DATA") ?? Path.Combine("..", "..", "..", "..", "..", "..", "shared", "data"), "lwm2m-registry");
        if (!Directory.Exists(folder))
        {
            return;   // the registry's files are not part of the repository
        }
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*.xml", SearchOption.AllDirectories))
        {
            using var stream = File.OpenRead(file);
            if (DefinitionXml.TryRead(stream, out var definitions, out _))
            {
                count += definitions.Count;
                definitions.ToList().ForEach(AssertFits);
            }
        }
        Assert.True(count > 200);
    }

    [Fact]
    public void What_is_written_is_read_and_what_is_not_writable_stays()
    {
        var tree = new ObjectTree([ObjectInstance.Simulated(TestObjects.Everything, 3)]);
        var path = new Lwm2mPath(9000, 3, 1);
        Assert.Equal(CoapCode.Changed, WriteOperation.Answer(tree, new Lwm2mRequest.Write(path, [new(path, "new")]), 8).Code);
        Assert.Equal((Lwm2mValue)"new", ReadOperation.Answer(tree, path).Records.Single().Value);
        var fixedPath = new Lwm2mPath(9000, 3, 10);
        Assert.Equal(CoapCode.MethodNotAllowed, WriteOperation.Answer(tree, new Lwm2mRequest.Write(fixedPath, [new(fixedPath, "new")]), 8).Code);
    }

    [Fact]
    public async Task Executing_is_told_and_nothing_else()
    {
        var told = new List<string>();
        var tree = new ObjectTree([ObjectInstance.Simulated(TestObjects.Everything, 0, (path, arguments) => told.Add($"{path} {arguments}")), ObjectInstance.Simulated(TestObjects.Everything, 1)]);
        foreach (var path in (Lwm2mPath[])[new(9000, 0, 12), new(9000, 1, 12)])
        {
            Assert.Equal(CoapCode.Changed, (await ExecuteOperation.AnswerAsync(tree, new Lwm2mRequest.Execute(path, "0='x'"), default)).Code);
        }
        Assert.Equal(["/9000/0/12 0='x'"], told);
    }

    [Fact]
    public void What_is_written_stays_within_the_range()
    {
        var definition = new ObjectDefinition(9001, "Ranges", new(1, 0), [new() { Id = 0, Name = "Level", Type = ValueKind.Integer, Operations = TestObjects.RW, Range = "0..100" }]);
        var instance = ObjectInstance.Simulated(definition, 0);
        Assert.Equal(CoapCode.BadRequest, ObjectAssert.Write(instance, 0, 101).Code);
        Assert.Equal(CoapCode.Changed, ObjectAssert.Write(instance, 0, 100).Code);
        Assert.Equal(100, instance.Get(0).AsInteger());
    }

    [Theory]
    [InlineData(ValueKind.Integer, "0..100", "50")]
    [InlineData(ValueKind.Integer, "-40..85", "22")]
    [InlineData(ValueKind.Integer, "1..65534", "32767")]
    [InlineData(ValueKind.Integer, "-9000..9000", "0")]
    [InlineData(ValueKind.Integer, "", "0")]
    [InlineData(ValueKind.Float, "0..1", "0.5")]
    [InlineData(ValueKind.Unsigned, "5..6", "5")]
    [InlineData(ValueKind.String, "\"on\",\"off\"", "on")]
    [InlineData(ValueKind.String, "3..9", "000")]
    [InlineData(ValueKind.Opaque, "6", "000000000000")]
    [InlineData(ValueKind.Integer, "two to seven", "0")]
    [InlineData(ValueKind.Boolean, "", "false")]
    public void First_value_lies_within_the_range(ValueKind type, string range, string expected)
    {
        var definition = new ResourceDefinition { Id = 1, Name = "x", Type = type, Range = range };
        var value = SimulatedValue.For(definition);
        Assert.Equal(expected, value.ToString());
        Assert.Null(ValueRules.Check(definition, value, out _));
    }

    private static void AssertFits(ObjectDefinition definition)
    {
        var tree = new ObjectTree([ObjectInstance.Simulated(definition, 0)]);
        if (Target.IsSecret(definition.Id))
        {
            return;
        }
        var records = ReadOperation.Answer(tree, new Lwm2mPath(definition.Id)).Records;
        foreach (var record in records.Where(r => r.Path.Depth >= 3))
        {
            var resource = definition.Find(record.Path.ResourceId)!;
            Assert.True(ValueRules.Check(resource, record.Value, out _) is null, $"{record.Path} ({resource.Range}): {record.Value}");
        }
    }
}
