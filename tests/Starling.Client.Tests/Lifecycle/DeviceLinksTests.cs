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

    [Theory]
    [InlineData(3, "1.1", "1.0", false)]
    [InlineData(3, "1.0", "1.0", true)]
    [InlineData(3, "1.1", "1.1", true)]
    [InlineData(3, "1.2", "1.2", true)]
    [InlineData(4, "1.3", "1.2", true)]
    [InlineData(5, "1.1", "1.2", true)]
    [InlineData(5, "1.0", "1.1", true)]
    [InlineData(6, "1.0", "1.2", true)]
    [InlineData(21, "2.0", "1.2", true)]
    [InlineData(3303, "1.1", "1.2", false)]
    [InlineData(3303, "1.0", "1.2", true)]
    public void Enabler_implies_the_versions_of_table_E_1(int objectId, string version, string enabler, bool isImplied)
    {
        Assert.True(ObjectVersion.TryParse(version, out var parsed));
        Assert.True(Lwm2mVersion.TryParse(enabler, out var spoken));
        Assert.Equal(!isImplied, ImpliedVersions.MustTell(new ObjectDefinition(objectId, "x", parsed, []), spoken));
    }
}
