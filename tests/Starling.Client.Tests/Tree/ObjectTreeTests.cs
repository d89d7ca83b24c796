using Starling.Testing;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class ObjectTreeTests
{
    [Fact]
    public void Instances_are_in_order_whatever_the_order_of_adding()
    {
        var tree = new ObjectTree([TestObjects.NewEverything(2), TestObjects.NewDevice(), TestObjects.NewEverything(0)]);
        tree.Add(TestObjects.NewEverything(1));
        Assert.Equal(["/3/0", "/9000/0", "/9000/1", "/9000/2"], tree.Instances.Select(i => i.Path.ToString()));
    }

    [Fact]
    public void Instance_that_is_there_is_refused()
    {
        var tree = new ObjectTree([TestObjects.NewDevice()]);
        Assert.Throws<ArgumentException>(() => tree.Add(TestObjects.NewDevice()));
    }

    [Fact]
    public void Object_in_two_versions_is_refused()
    {
        var other = new ObjectDefinition(9000, "Everything", new(2, 0), []) { IsMultiple = true };
        var tree = new ObjectTree([TestObjects.NewEverything()]);
        Assert.Throws<ArgumentException>(() => tree.Add(new ObjectInstance(other, 1)));
    }

    [Fact]
    public void Removing_tells_once()
    {
        var told = new List<Lwm2mPath>();
        var instance = TestObjects.NewEverything(4);
        var tree = new ObjectTree([instance, TestObjects.NewDevice()]) { StructureChanged = told.Add };
        Assert.True(tree.Remove(instance));
        Assert.False(tree.Remove(instance));
        Assert.Equal([new(9000, 4)], told);
        Assert.Null(tree.FindObject(9000));
    }

    [Fact]
    public void Allowed_object_stays_without_instances()
    {
        var instance = TestObjects.NewEverything();
        var tree = new ObjectTree([instance]);
        tree.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        tree.Remove(instance);
        Assert.Empty(tree.FindObject(9000)!.Instances);
    }

    [Fact]
    public void Free_id_is_the_smallest_gap()
    {
        var tree = new ObjectTree([TestObjects.NewEverything(0), TestObjects.NewEverything(1), TestObjects.NewEverything(3)]);
        Assert.Equal(2, tree.FindObject(9000)!.FreeId());
    }

    [Fact]
    public void Readers_see_a_whole_tree_while_others_change_it()
    {
        const int Readers = 2;
        const int Writers = 2;
        var tree = new ObjectTree([TestObjects.NewEverything(0)]);
        var writing = Writers;
        Threads.Run(Readers + Writers, thread =>
        {
            if (thread >= Readers)
            {
                Write(tree, thread - Readers);
                Interlocked.Decrement(ref writing);
            }
            while (Volatile.Read(ref writing) > 0)
            {
                var ids = tree.FindObject(9000)!.Instances.Select(i => i.Id).ToArray();
                Assert.Equal(ids.Distinct().Order(), ids);
                Assert.Contains(0, ids);
            }
        });
        Assert.Equal(101, tree.FindObject(9000)!.Instances.Length);

        static void Write(ObjectTree tree, int writer)
        {
            for (var id = 1 + writer; id < 200; id += Writers)
            {
                var instance = new ObjectInstance(TestObjects.Everything, id) { [0] = id };
                tree.Add(instance);
                if (id % 2 == 0)
                {
                    tree.Remove(instance);
                }
            }
        }
    }
}
