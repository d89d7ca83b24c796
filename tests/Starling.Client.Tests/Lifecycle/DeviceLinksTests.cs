using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class DeviceLinksTests
{
    private static readonly ObjectInstance _security = new(TestObjects.Security, 0);

    [Fact]
    public void List_has_instances_and_objects_without_and_never_the_keys()
    {
        var tree = new ObjectTree([_security, new ObjectInstance(TestObjects.Server, 0), TestObjects.NewDevice()]);
        tree.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        Assert.Equal("</1/0>,</3/0>,</9000>", DeviceLinks.Of(tree, Lwm2mVersion.V12).Text);
    }

    [Fact]
    public void Version_is_told_where_the_enabler_implies_another()
    {
        var tree = new ObjectTree([new ObjectInstance(TestObjects.Server, 0), TestObjects.NewDevice()]);
        Assert.Equal("</1>;ver=1.2,</1/0>,</3>;ver=1.2,</3/0>", DeviceLinks.Of(tree, Lwm2mVersion.V11).Text);
    }
}
