using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class CreateDeleteTests
{
    private readonly ObjectTree _tree = new([TestObjects.NewDevice(), TestObjects.NewEverything()]);
    private readonly List<ObjectInstance> _deleted = [];

    public CreateDeleteTests() => _tree.Allow(
        TestObjects.Everything,
        new InstanceCreation(id => new ObjectInstance(TestObjects.Everything, id)
        {
            [0] = Resource.Value(Lwm2mValue.None),
            [1] = "default",
            [9] = Resource.Multiple(),
            [10] = "mine",
        })
        { Deleted = _deleted.Add, MaxInstances = 4 });

    [Fact]
    public void Instance_without_number_gets_the_next_one()
    {
        var response = Create(null, ("/9000/0/0", 5), ("/9000/0/9/3", 4));
        Assert.Equal(CoapCode.Created, response.Code);
        Assert.Equal(new Lwm2mPath(9000, 1), response.Created);
        Assert.Equal(Lwm2mValue.Integer(5), _tree.Find(9000, 1)!.Get(0));
        Assert.Equal((Lwm2mValue)"default", _tree.Find(9000, 1)!.Get(1));
        Assert.Equal([3], ((MultipleResource)_tree.Find(9000, 1)![9]).Current!.Keys);
    }

    [Fact]
    public void Instance_with_a_number_gets_it() => Assert.Equal(new Lwm2mPath(9000, 7), Create(7, ("/9000/7/0", 5)).Created);

    [Fact]
    public void Read_only_and_unknown_values_are_left_aside()
    {
        Assert.Equal(CoapCode.Created, Create(2, ("/9000/2/0", 5), ("/9000/2/10", "theirs"), ("/9000/2/99", 1)).Code);
        Assert.Equal((Lwm2mValue)"mine", _tree.Find(9000, 2)!.Get(10));
    }

    [Fact]
    public void Number_that_is_taken_is_refused() => Assert.Equal(CoapCode.BadRequest, Create(0, ("/9000/0/0", 5)).Code);

    [Fact]
    public void Missing_mandatory_value_is_refused_and_leaves_nothing()
    {
        Assert.Equal(CoapCode.BadRequest, Create(3, ("/9000/3/1", "x")).Code);
        Assert.Null(_tree.Find(9000, 3));
    }

    [Fact]
    public void Bad_value_is_refused_and_leaves_nothing()
    {
        Assert.Equal(CoapCode.BadRequest, Create(3, ("/9000/3/0", "text")).Code);
        Assert.Null(_tree.Find(9000, 3));
    }

    [Fact]
    public void Limit_of_instances_holds()
    {
        Enumerable.Range(1, 3).ToList().ForEach(i => Assert.Equal(CoapCode.Created, Create(null, ("/9000/0/0", i)).Code));
        Assert.Equal(CoapCode.MethodNotAllowed, Create(null, ("/9000/0/0", 9)).Code);
    }

    [Theory]
    [InlineData("/3", "4.05")]
    [InlineData("/0", "4.01")]
    [InlineData("/4444", "4.04")]
    public void Object_that_servers_may_not_create_has_its_code(string path, string code) =>
        Assert.Equal(code, CreateOperation.Answer(_tree, new Lwm2mRequest.Create(Lwm2mPath.Parse(path), null, []), 16).Code.ToString());

    [Fact]
    public void Delete_takes_the_instance_and_tells_the_application()
    {
        var instance = _tree.Find(9000, 0)!;
        Assert.Equal("2.02", Delete("/9000/0"));
        Assert.Equal([instance], _deleted);
        Assert.Equal("4.04", Delete("/9000/0"));
    }

    [Theory]
    [InlineData("/3/0", "4.05")]
    [InlineData("/0/0", "4.01")]
    [InlineData("/9000", "4.05")]
    [InlineData("/9000/0/1", "4.05")]
    [InlineData("/9000/0/0/0", "4.05")]
    [InlineData("/9000/0/13/0", "4.05")]
    [InlineData("/9000/0/8/7", "4.04")]
    [InlineData("/9000/0/8/1", "2.02")]
    [InlineData("/9000/0/9/0", "2.02")]
    public void Delete_has_its_code(string path, string code) => Assert.Equal(code, Delete(path));

    [Fact]
    public void Last_instance_of_a_mandatory_resource_stays()
    {
        Assert.Equal("2.02", Delete("/9000/0/9/1"));
        Assert.Equal("4.05", Delete("/9000/0/9/0"));
        Assert.Equal("2.02", Delete("/9000/0/8/0"));
        Assert.Equal("2.02", Delete("/9000/0/8/1"));
    }

    private Lwm2mResponse Create(int? instance, params (string Path, Lwm2mValue Value)[] records) => CreateOperation.Answer(
        _tree, new Lwm2mRequest.Create(new(9000), instance, [.. records.Select(r => new Lwm2mRecord(Lwm2mPath.Parse(r.Path), r.Value))]), 16);

    private string Delete(string path) => DeleteOperation.Answer(_tree, Lwm2mPath.Parse(path)).Code.ToString();
}
