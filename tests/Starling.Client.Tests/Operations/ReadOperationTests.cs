using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class ReadOperationTests
{
    private readonly ObjectTree _tree = new(
    [
        new ObjectInstance(TestObjects.Security, 0) { [0] = "coap://x" },
        TestObjects.NewDevice(),
        TestObjects.NewEverything(),
        new ObjectInstance(TestObjects.Everything, 5),
    ]);

    [Theory]
    [InlineData("/3/0/0", "Acme")]
    [InlineData("/9000/0/8/1", "Green")]
    [InlineData("/9000/0/5", "1970-01-01T00:16:40Z")]
    public void Value_is_read(string path, string value)
    {
        var record = Assert.Single(Read(path).Records);
        Assert.Equal(path, record.Path.ToString());
        Assert.Equal(value, record.Value.ToString());
    }

    [Theory]
    [InlineData("/", "4.05")]
    [InlineData("/0", "4.01")]
    [InlineData("/0/0/0", "4.01")]
    [InlineData("/21/0", "4.01")]
    [InlineData("/23", "4.01")]
    [InlineData("/5", "4.04")]
    [InlineData("/3/1", "4.04")]
    [InlineData("/3/0/77", "4.04")]
    [InlineData("/3/0/13", "4.04")]       // defined, not implemented
    [InlineData("/3/0/4", "4.05")]        // executable
    [InlineData("/9000/0/11", "4.05")]    // write only
    [InlineData("/9000/0/1", "4.04")]     // absent now
    [InlineData("/9000/0/8/7", "4.04")]
    [InlineData("/9000/0/0/0", "4.05")]   // a single resource has no instances
    public void What_cannot_be_read_has_its_code(string path, string code) => Assert.Equal(code, Read(path).Code.ToString());

    [Fact]
    public void Instance_gives_what_is_readable_and_there()
    {
        var paths = Read("/9000/0").Records.Select(r => r.Path.ToString());
        Assert.Equal(
            ["/9000/0/0", "/9000/0/2", "/9000/0/3", "/9000/0/4", "/9000/0/5", "/9000/0/6", "/9000/0/7", "/9000/0/8/0", "/9000/0/8/1", "/9000/0/9/0", "/9000/0/9/1", "/9000/0/10", "/9000/0/13"],
            paths);
    }

    [Fact]
    public void Multiple_resource_without_instances_is_a_container()
    {
        var record = Assert.Single(Read("/9000/0/13").Records);
        Assert.Equal(ValueKind.Empty, record.Value.Kind);
        Assert.Equal("/9000/0/13", record.Path.ToString());
    }

    [Fact]
    public void Instance_without_values_is_a_container()
    {
        var record = Assert.Single(Read("/9000/5").Records);
        Assert.Equal((new Lwm2mPath(9000, 5), ValueKind.Empty), (record.Path, record.Value.Kind));
    }

    [Fact]
    public void Object_gives_all_its_instances() =>
        Assert.Equal([0, 5], Read("/9000").Records.Select(r => r.Path.InstanceId).Distinct());

    [Fact]
    public void Object_without_instances_is_empty()
    {
        var tree = new ObjectTree([]);
        tree.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        var response = ReadOperation.Answer(tree, new Lwm2mPath(9000));
        Assert.Equal(CoapCode.Content, response.Code);
        Assert.Empty(response.Records);
    }

    [Fact]
    public void Application_decides_at_the_time_of_reading()
    {
        var level = 10;
        var tree = new ObjectTree([new ObjectInstance(TestObjects.Everything, 0)
        {
            [0] = Resource.Read(() => level),
            [8] = Resource.ReadMultiple(() => level > 10 ? new Dictionary<int, Lwm2mValue> { [3] = "x", [1] = "y" } : null),
        }]);
        Assert.Equal(["/9000/0/0"], ReadOperation.Answer(tree, new(9000, 0)).Records.Select(r => r.Path.ToString()));
        level = 11;
        Assert.Equal(["/9000/0/0", "/9000/0/8/1", "/9000/0/8/3"], ReadOperation.Answer(tree, new(9000, 0)).Records.Select(r => r.Path.ToString()));
    }

    private Lwm2mResponse Read(string path) => ReadOperation.Answer(_tree, Lwm2mPath.Parse(path));
}
