using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class ObjectInstanceTests
{
    [Fact]
    public void Instance_without_definition_is_refused() => Assert.Throws<ArgumentNullException>(() => new ObjectInstance(ObjectCatalog.Empty.Find(3), 0));

    [Fact]
    public void Single_object_has_no_instance_but_0() => Assert.Throws<ArgumentOutOfRangeException>(() => new ObjectInstance(TestObjects.Device, 1));

    [Fact]
    public void Resource_that_the_definition_lacks_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ObjectInstance(TestObjects.Device, 0) { [99] = "x" });

    [Fact]
    public void Resource_of_another_shape_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ObjectInstance(TestObjects.Device, 0) { [0] = Resource.Multiple("a") });
        Assert.Throws<ArgumentException>(() => new ObjectInstance(TestObjects.Device, 0) { [11] = 1 });
        Assert.Throws<ArgumentException>(() => new ObjectInstance(TestObjects.Device, 0) { [4] = "x" });
        Assert.Throws<ArgumentException>(() => new ObjectInstance(TestObjects.Device, 0) { [0] = Resource.Execute((_, _) => Task.CompletedTask) });
    }

    [Fact]
    public void Stored_value_takes_the_type_of_the_definition()
    {
        var instance = new ObjectInstance(TestObjects.Everything, 0) { [2] = 3, [7] = 4 };
        Assert.Equal(Lwm2mValue.Float(3), instance.Get(2));
        Assert.Equal(Lwm2mValue.Unsigned(4), instance.Get(7));
    }

    [Fact]
    public void Stored_value_of_another_type_is_refused()
    {
        var instance = new ObjectInstance(TestObjects.Everything, 0) { [0] = 1 };
        Assert.Throws<ArgumentException>(() => instance.Set(0, "text"));
        Assert.Throws<ArgumentException>(() => new ObjectInstance(TestObjects.Everything, 0) { [0] = "text" });
        Assert.Equal(Lwm2mValue.Integer(1), instance.Get(0));
    }

    [Fact]
    public void Delegate_that_gives_another_type_fails_when_it_is_read()
    {
        var instance = new ObjectInstance(TestObjects.Everything, 0) { [0] = Resource.Read(() => "text") };
        Assert.Throws<ArgumentException>(() => instance.Get(0));
    }

    [Fact]
    public void Resource_belongs_to_one_instance()
    {
        Resource shared = Resource.Value(1);
        _ = new ObjectInstance(TestObjects.Everything, 0) { [0] = shared };
        Assert.Throws<InvalidOperationException>(() => new ObjectInstance(TestObjects.Everything, 1) { [0] = shared });
    }

    [Fact]
    public void Set_and_Changed_tell_the_tree_the_path()
    {
        var told = new List<Lwm2mPath>();
        var instance = TestObjects.NewEverything();
        var tree = new ObjectTree([instance]) { ValueChanged = told.Add };
        instance.Set(0, 9);
        instance[2].Changed();
        ((MultipleResource)instance[8]).Set(5, "Blue");
        instance.Changed(10);
        Assert.Equal([new(9000, 0, 0), new(9000, 0, 2), new(9000, 0, 8), new(9000, 0, 10)], told);
        Assert.Same(instance, tree.Find(9000, 0));
    }

    [Fact]
    public void Instance_that_was_removed_tells_nobody()
    {
        var told = 0;
        var instance = TestObjects.NewEverything();
        var tree = new ObjectTree([instance]) { ValueChanged = _ => told++ };
        Assert.True(tree.Remove(instance));
        instance.Set(0, 9);
        Assert.Equal(0, told);
    }

    [Fact]
    public void Set_refuses_what_is_not_stored()
    {
        var instance = new ObjectInstance(TestObjects.Everything, 0) { [0] = Resource.Read(() => 1) };
        Assert.Throws<InvalidOperationException>(() => instance.Set(0, 2));
        Assert.Throws<KeyNotFoundException>(() => instance.Set(2, 2));
    }

    [Fact]
    public void Multiple_resource_keeps_its_instances_in_order()
    {
        var resource = Resource.Multiple([KeyValuePair.Create(7, (Lwm2mValue)"b"), KeyValuePair.Create(2, (Lwm2mValue)"a")]);
        Assert.Equal([2, 7], resource.Current!.Keys);
        resource.Set(5, "c");
        resource.Set(2, Lwm2mValue.None);
        Assert.Equal([5, 7], resource.Current!.Keys);
        Assert.Throws<ArgumentOutOfRangeException>(() => resource.Set(65_535, "x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => resource.Set(-1, "x"));
    }
}
