using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class WriteOperationTests
{
    private readonly ObjectInstance _instance = TestObjects.NewEverything();
    private readonly ObjectTree _tree;

    public WriteOperationTests() => _tree = new ObjectTree([_instance, TestObjects.NewDevice(), new ObjectInstance(TestObjects.Security, 0) { [0] = "coap://x" }]);

    [Fact]
    public void Value_is_written()
    {
        Assert.Equal("2.04", Write("/9000/0/0", ("/9000/0/0", 42)));
        Assert.Equal(Lwm2mValue.Integer(42), _instance.Get(0));
    }

    [Fact]
    public void Absent_value_is_made_by_writing()
    {
        Assert.Equal("2.04", Write("/9000/0/1", ("/9000/0/1", "here")));
        Assert.Equal((Lwm2mValue)"here", _instance.Get(1));
    }

    [Theory]
    [InlineData("/", "4.05")]
    [InlineData("/9000", "4.05")]
    [InlineData("/0/0/0", "4.01")]
    [InlineData("/5/0/1", "4.04")]
    [InlineData("/9000/1/0", "4.04")]
    [InlineData("/9000/0/99", "4.04")]
    [InlineData("/9000/0/10", "4.05")]    // read only
    [InlineData("/9000/0/12", "4.05")]    // executable
    [InlineData("/9000/0/13", "4.05")]
    [InlineData("/9000/0/8/9", "4.04")]   // PUT makes no resource instance
    [InlineData("/9000/0/0/0", "4.05")]
    public void What_cannot_be_written_has_its_code(string path, string code) => Assert.Equal(code, Write(path, (path, "x")));

    [Theory]
    [InlineData(0, "text")]
    [InlineData(3, "true")]
    [InlineData(4, "AQ==")]
    public void Value_of_another_type_is_refused(int resource, string value)
    {
        var before = _instance.Get(resource);
        Assert.Equal("4.00", Write($"/9000/0/{resource}", ($"/9000/0/{resource}", value)));
        Assert.Equal(before, _instance.Get(resource));
    }

    [Fact]
    public void Fraction_is_no_integer() => Assert.Equal("4.00", Write("/9000/0/0", ("/9000/0/0", 1.5)));

    [Theory]
    [InlineData(3, 0, "2.04")]
    [InlineData(3, 65535, "2.04")]
    [InlineData(65535, 65535, "2.04")]
    [InlineData(3, 1, "4.00")]
    [InlineData(5, 65535, "4.00")]
    public void Link_must_lead_to_what_is_there(int objectId, int instanceId, string code) =>
        Assert.Equal(code, Write("/9000/0/6", ("/9000/0/6", Lwm2mValue.ObjectLink(new((ushort)objectId, (ushort)instanceId)))));

    [Fact]
    public void Replace_of_a_multiple_resource_leaves_what_it_names()
    {
        Assert.Equal("2.04", Write("/9000/0/8", ("/9000/0/8/1", "Yellow"), ("/9000/0/8/3", "Blue")));
        Assert.Equal([(1, "Yellow"), (3, "Blue")], Colours());
    }

    [Fact]
    public void Partial_update_of_a_multiple_resource_adds_and_changes()
    {
        Assert.Equal("2.04", Update("/9000/0/8", ("/9000/0/8/1", "Yellow"), ("/9000/0/8/3", "Blue")));
        Assert.Equal([(0, "Red"), (1, "Yellow"), (3, "Blue")], Colours());
    }

    [Fact]
    public void Empty_container_clears_a_multiple_resource()
    {
        Assert.Equal("2.04", Write("/9000/0/8", ("/9000/0/8", Lwm2mValue.Empty)));
        Assert.Empty(Colours());
    }

    [Fact]
    public void Resource_instance_that_is_there_is_changed_alone()
    {
        Assert.Equal("2.04", Write("/9000/0/8/1", ("/9000/0/8/1", "Yellow")));
        Assert.Equal([(0, "Red"), (1, "Yellow")], Colours());
    }

    [Fact]
    public void Multiple_resource_takes_no_single_value_and_none_twice()
    {
        Assert.Equal("4.00", Write("/9000/0/8", ("/9000/0/8", "x")));
        Assert.Equal("4.00", Write("/9000/0/8", ("/9000/0/8/1", "x"), ("/9000/0/8/1", "y")));
        Assert.Equal("4.00", Write("/9000/0/0", ("/9000/0/0/0", 1)));
        Assert.Equal("4.00", Write("/9000/0/0", ("/9000/0/0", 1), ("/9000/0/0", 2)));
        Assert.Equal([(0, "Red"), (1, "Green")], Colours());
    }

    [Fact]
    public void More_instances_than_the_limit_are_refused()
    {
        var many = Enumerable.Range(0, 17).Select(i => ($"/9000/0/8/{i}", (Lwm2mValue)"x")).ToArray();
        Assert.Equal("4.00", Write("/9000/0/8", many));
        Assert.Equal("2.04", Write("/9000/0/8", many[..16]));
    }

    [Fact]
    public void Replace_of_an_instance_takes_away_what_it_does_not_name()
    {
        Assert.Equal("2.04", Write("/9000/0", ("/9000/0/0", 1), ("/9000/0/1", "new")));
        Assert.Equal(Lwm2mValue.Integer(1), _instance.Get(0));
        Assert.Equal((Lwm2mValue)"new", _instance.Get(1));
        Assert.Equal(ValueKind.None, _instance.Get(2).Kind);
        Assert.Null(((MultipleResource)_instance[8]).Current);
        Assert.Equal(2, ((MultipleResource)_instance[9]).Current!.Count);   // mandatory: stays
        Assert.Equal((Lwm2mValue)"fixed", _instance.Get(10));   // not writable: stays
    }

    [Fact]
    public void Partial_update_of_an_instance_leaves_the_rest()
    {
        Assert.Equal("2.04", Update("/9000/0", ("/9000/0/0", 1)));
        Assert.Equal(2.5, _instance.Get(2).AsFloat());
    }

    [Fact]
    public void Unknown_resources_in_an_instance_are_left_aside() => Assert.Equal("2.04", Update("/9000/0", ("/9000/0/99", 1), ("/9000/0/0", 5)));

    [Theory]
    [InlineData("/9000/0/10", "x", "4.05")]
    [InlineData("/9000/0/2", "x", "4.00")]
    public void One_bad_value_stops_the_whole_write(string path, string value, string code)
    {
        Assert.Equal(code, Update("/9000/0", ("/9000/0/0", 99), (path, value), ("/9000/0/3", false)));
        Assert.Equal(Lwm2mValue.Integer(7), _instance.Get(0));
        Assert.True(_instance.Get(3).AsBoolean());
    }

    [Fact]
    public void Application_that_refuses_a_value_undoes_what_was_written_before()
    {
        var instance = new ObjectInstance(TestObjects.Everything, 1)
        {
            [0] = 7,
            [1] = Resource.ReadWrite(() => "old", _ => throw new Lwm2mException(CoapCode.BadRequest, "no")),
            [3] = true,
        };
        _tree.Add(instance);
        Assert.Throws<Lwm2mException>(() => Update("/9000/1", ("/9000/1/0", 99), ("/9000/1/1", "x"), ("/9000/1/3", false)));
        Assert.Equal(Lwm2mValue.Integer(7), instance.Get(0));
        Assert.True(instance.Get(3).AsBoolean());
    }

    [Fact]
    public void Delegates_get_the_value_in_the_type_of_the_definition()
    {
        var got = new List<Lwm2mValue>();
        var all = new List<IReadOnlyDictionary<int, Lwm2mValue>>();
        _tree.Add(new ObjectInstance(TestObjects.Everything, 1)
        {
            [2] = Resource.ReadWrite(() => 1.0, got.Add),
            [9] = Resource.ReadWriteMultiple(() => new Dictionary<int, Lwm2mValue> { [0] = 5 }, all.Add),
        });
        Assert.Equal("2.04", Update("/9000/1", ("/9000/1/2", 3), ("/9000/1/9/4", 6)));
        Assert.Equal([Lwm2mValue.Float(3)], got);
        Assert.Equal([(0, 5), (4, 6)], Assert.Single(all).Select(p => (p.Key, (int)p.Value.AsInteger())));
    }

    [Fact]
    public void Observers_are_told_after_the_whole_write()
    {
        var seen = new List<(Lwm2mPath, long)>();
        _tree.ValueChanged = path => seen.Add((path, _instance.Get(0).AsInteger()));
        Update("/9000/0", ("/9000/0/2", 1.0), ("/9000/0/0", 99));
        Assert.Equal([(new(9000, 0, 2), 99), (new(9000, 0, 0), 99)], seen);
    }

    private string Write(string path, params (string Path, Lwm2mValue Value)[] records) => Answer(path, true, records);

    private string Update(string path, params (string Path, Lwm2mValue Value)[] records) => Answer(path, false, records);

    private string Answer(string path, bool replace, (string Path, Lwm2mValue Value)[] records) =>
        WriteOperation.Answer(
            _tree,
            new Lwm2mRequest.Write(Lwm2mPath.Parse(path), [.. records.Select(r => new Lwm2mRecord(Lwm2mPath.Parse(r.Path), r.Value))], replace),
            maxInstances: 16).Code.ToString();

    private IEnumerable<(int, string)> Colours() => ((MultipleResource)_instance[8]).Current!.Select(p => (p.Key, p.Value.AsString()));
}
